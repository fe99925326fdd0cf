import { type Question } from '@greenroom/conversation';
import { typedTurn } from './typed-turn';

const question = (digits: Question['digits']): Question => ({
  bargeIn: true,
  noInputMs: 5000,
  speech: { minimumMs: null, endSilenceMs: 800, longestMs: 15_000 },
  digits,
});
const PIN = question({ length: 4, finishKey: '#', pauseMs: 2500 });
const FREE = question(null);

it.each([
  ['12', PIN, '12'],
  ['12#', PIN, '12'],
  ['123456', PIN, '1234'],
  ['#', PIN, '#'],
  ['12', FREE, '1'],
])('what is typed as %j are keys as the line would collect them', (line, asked, digits) => {
  expect(typedTurn(line, asked)).toMatchObject({ kind: 'turn', turn: { digits, speech: null } });
});

it.each([
  ['yes 1', 'yes 1'],
  ['...', null],
])('what is typed as %j is speech', (line, words) => {
  expect(typedTurn(line, PIN)).toMatchObject({ kind: 'turn', turn: { digits: null, speech: { words } } });
});
