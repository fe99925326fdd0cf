import { parseAnswerStep, type AnswerStep } from './answer-step';

describe('an answer', () => {
  it.each<[string, AnswerStep]>([
    ['say:yes: at six, please', { kind: 'say', text: 'yes: at six, please' }],
    ['wav:/tmp/a:b.wav', { kind: 'wav', file: '/tmp/a:b.wav' }],
    ['press:12*#D', { kind: 'press', keys: '12*#D' }],
    ['hang-up', { kind: 'hang-up' }],
    ['silence', { kind: 'silence' }],
    ['after:1200:say:yes', { kind: 'say', text: 'yes', afterMs: 1200 }],
    ['after:0:press:1', { kind: 'press', keys: '1', afterMs: 0 }],
    ['after:5000:hang-up', { kind: 'hang-up', afterMs: 5000 }],
    ['interrupt:700:no, wait', { kind: 'interrupt', atMs: 700, text: 'no, wait' }],
    ['interrupt-press:0:42', { kind: 'interrupt-press', atMs: 0, keys: '42' }],
    ['cough:120', { kind: 'cough', forMs: 120 }],
  ])('%s is understood', (text, step) => {
    expect(parseAnswerStep(text)).toEqual(step);
  });

  it.each([
    '',
    'yes',
    'say',
    'say:',
    'say: ',
    'press:x',
    'press:',
    'silence:5',
    'hang-up:5',
    'interrupt:yes',
    'interrupt:5',
    'interrupt:5:',
    'interrupt-press:5:x',
    'cough',
    'cough:0',
    'cough:5:6',
    'cough:3600001',
    'after:5',
    'after:5:silence',
    'after:5:cough:3',
    'after:5:interrupt:3:x',
    'after:5:after:6:say:x',
    'after:x:say:y',
    'constructor:x',
  ])('%j is not', (text) => {
    expect(parseAnswerStep(text)).toBeNull();
  });
});
