import { DialogueError } from './dialogue-error';
import { parseDialogue } from './parse-dialogue';

/** A sound dialogue, with some of its lines replaced. */
const SOUND = `language: en
start: hello
steps:
  hello:
    say: Hello.
    goto: question
  question:
    say: Yes or no?
    ask:
      answers:
        - {digit: '1', words: [yes], goto: bye}
        - {digit: '2', words: [no], goto: bye}
      otherwise: bye
  bye:
    say: Goodbye.
    hangup: true
`;

function problemsOf(text: string): string[] {
  try {
    parseDialogue(text, 'a.yaml');
  } catch (error) {
    if (error instanceof DialogueError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const replaced = (line: string, by: string): string => {
  expect(SOUND).toContain(line);
  return SOUND.replace(line, by);
};

describe('a sound dialogue', () => {
  it('is read', () => {
    const dialogue = parseDialogue(SOUND, 'a.yaml');
    expect(dialogue).toMatchObject({ language: 'en', languages: ['en'], start: 'hello', unknown: 'hello' });
    expect([...dialogue.steps.keys()]).toEqual(['hello', 'question', 'bye']);
    expect(dialogue.transfers).toBe(false);
  });

  it('gives each question all its times', () => {
    const text = replaced('otherwise: bye', 'otherwise: bye\n      noInputMs: 4000').replace(
      'start:',
      'defaults: {noInputMs: 9000, bargeIn: false, minimumSpeechMs: 100}\nstart:',
    );
    expect(parseDialogue(text, 'a.yaml').steps.get('question')?.then).toMatchObject({
      kind: 'ask',
      ask: {
        attempts: 3,
        question: {
          bargeIn: false,
          noInputMs: 4000,
          speech: { minimumMs: 100, endSilenceMs: 800, longestMs: 15_000 },
          digits: { length: 1, finishKey: null, pauseMs: 2500 },
        },
      },
    });
  });

  it.each([
    ['words alone', `{words: [yes], goto: bye}`, null],
    ['one key', `{digit: 5, goto: bye}`, { length: 1, finishKey: null, pauseMs: 2500 }],
    [
      'several keys',
      `{digits: {length: 4, finishKey: '#'}, goto: bye}`,
      { length: 4, finishKey: '#', pauseMs: 2500 },
    ],
    ['anything', `{anything: true, goto: bye}`, null],
  ])('awaits keys as its answers need them: %s', (_, answer, digits) => {
    const text = replaced(`{digit: '1', words: [yes], goto: bye}`, answer)
      .replace(`        - {digit: '2', words: [no], goto: bye}\n`, '')
      .replace('otherwise: bye', 'otherwise: bye\n      speech: bye');
    expect(parseDialogue(text, 'a.yaml').steps.get('question')?.then).toMatchObject({
      ask: { question: { digits } },
    });
  });

  it('names the fixed sentences of all languages, recordings and voices', () => {
    const text = `language: en
voice: {en: anna, hi: asha}
start: a
steps:
  a:
    say:
      en: ['Hello {{customer.fullName}}.', 'Hello.']
      hi: {audio: hi/hello.wav, text: नमस्ते।}
    goto: b
  b:
    say: {en: 'Bye, {{customer.fullName|my friend}}.', hi: {audio: hi/hello.wav, text: नमस्ते।}}
    transfer: true
`;
    const dialogue = parseDialogue(text, '/etc/greenroom/a.yaml');
    expect(dialogue).toMatchObject({ languages: ['en', 'hi'], synthesized: ['en'], transfers: true });
    expect(dialogue.utterances()).toEqual([
      { text: 'Hello.', language: 'en', voice: 'anna' },
      { text: 'नमस्ते।', language: 'hi', voice: 'asha', audioFile: 'hi/hello.wav' },
    ]);
  });

  it('may use a list of words in several places', () => {
    const text = replaced('[yes]', '&yes [yes, of course]').replace(
      'otherwise: bye',
      'otherwise: again\n  again:\n    say: Sure?\n    ask: {answers: [{digit: 1, words: *yes, goto: bye}], otherwise: bye}',
    );
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('a dialogue is refused, with its place, for', () => {
  const cases: [title: string, line: string, by: string, says: string][] = [
    [
      'a missing step',
      'goto: question',
      'goto: qestion',
      'a.yaml:6:11: there is no step qestion. Did you mean question?',
    ],
    ['a missing first step', 'start: hello', 'start: nowhere', 'a.yaml:2:8: there is no step nowhere.'],
    ['no first step', 'start: hello\n', '', 'a.yaml:1:1: a dialogue needs `start`'],
    ['no language', 'language: en\n', '', 'a.yaml:1:1: a dialogue needs `language`'],
    [
      'a wrong language',
      'language: en',
      'language: English!',
      'a.yaml:1:11: `language` must be a BCP 47 tag',
    ],
    [
      'an unknown key at the top',
      'start: hello',
      'start: hello\nvioce: x',
      'a.yaml:3:1: a dialogue knows nothing named `vioce`. Did you mean voice?',
    ],
    [
      'an unknown key of a step',
      'hangup: true',
      'hangup: true\n    go: bye',
      'a.yaml:17:5: the step bye knows nothing named `go`.',
    ],
    [
      'a default that does not exist',
      'start: hello',
      'start: hello\ndefaults: {bargein: true}',
      'a.yaml:3:12: `defaults` knows nothing named `bargein`. Did you mean bargeIn?',
    ],
    [
      'a time out of bounds',
      'otherwise: bye',
      'otherwise: bye\n      noInputMs: 5',
      'a.yaml:14:18: `noInputMs` must be a whole number from 1000 to 60000',
    ],
    ['known without unknown', 'start: hello', 'start: hello\nknown: bye', 'a.yaml:3:1: `known` says where'],
    ['a duplicate key', '  bye:', '  hello: {hangup: true}\n  bye:', 'a.yaml:14:3: "hello" stands twice'],
    ['an unreachable step', 'goto: question', 'goto: bye', 'a.yaml:7:3: nothing leads to the step question'],
    [
      'a name that is none',
      '  bye:',
      '  1st: {hangup: true}\n  bye:',
      'a.yaml:14:3: "1st" cannot be the name of a step',
    ],
    [
      'a step without an end',
      '    hangup: true\n',
      '',
      'a.yaml:14:3: a step ends with one of ask, goto, hangup and transfer: this one has none',
    ],
    [
      'a step with two ends',
      'hangup: true',
      'hangup: true\n    transfer: true',
      'a.yaml:14:3: a step ends with one of ask, goto, hangup and transfer: this one has hangup and transfer',
    ],
    [
      'a circle of steps',
      'hangup: true',
      'goto: bye',
      'a.yaml:14:3: these steps go round in a circle without asking anything: bye -> bye',
    ],
    [
      'a circle of questions',
      'otherwise: bye',
      'otherwise: hello',
      'a.yaml:4:3: a caller who stays silent never comes to an end here: hello -> question -> hello.',
    ],
    [
      'a question without a text',
      '    say: Yes or no?\n',
      '',
      'a.yaml:8:5: the step question asks without a question',
    ],
    ['no way out of a question', '      otherwise: bye\n', '', 'a.yaml:9:5: `ask` needs `otherwise`'],
    ['a key twice', `digit: '2'`, `digit: '1'`, "a.yaml:12:19: the key 1 is another answer's already"],
    ['a key that is none', `digit: '2'`, `digit: '22'`, 'a.yaml:12:19: `digit` must be a key'],
    [
      'a finish key that answers',
      `{digit: '2', words: [no], goto: bye}`,
      `{digits: {length: 4, finishKey: '1'}, goto: bye}`,
      'a.yaml:12:43: the key 1 is',
    ],
    [
      'more keys at least than at most',
      `{digit: '2', words: [no], goto: bye}`,
      '{digits: {length: 4, minimum: 5}, goto: bye}',
      'a.yaml:12:41: `minimum` is more',
    ],
    ['words twice', 'words: [no]', `words: ['Yes!']`, 'a.yaml:12:32: "yes" stands twice'],
    [
      'words twice, once for every language',
      'words: [no]',
      `words: {en: [yes]}`,
      'a.yaml:12:37: "yes" stands twice',
    ],
    ['words that are none', 'words: [no]', `words: ['?']`, 'a.yaml:12:32: there are no words in this'],
    ['words that are a number', 'words: [no]', 'words: [2]', 'a.yaml:12:32: words are text'],
    ['words that are no list', 'words: [no]', 'words: no', 'a.yaml:12:31: `words` is a list'],
    [
      'an answer of two kinds',
      `digit: '2', words: [no]`,
      `digit: '2', anything: true`,
      'a.yaml:12:11: an answer is a `digit`',
    ],
    ['an answer of no kind', `digit: '2', words: [no], `, '', 'a.yaml:12:11: an answer is a `digit`'],
    [
      'an answer kept that says nothing',
      `digit: '2',`,
      `digit: '2', store: x,`,
      'a.yaml:12:24: `store` belongs to',
    ],
    [
      'a question that nobody can answer',
      `\n        - {digit: '1', words: [yes], goto: bye}\n        - {digit: '2', words: [no], goto: bye}`,
      ' []',
      'a.yaml:10:7: nobody can answer this',
    ],
    [
      'a question that needs a recogniser',
      `{digit: '1', words: [yes], goto: bye}\n        - {digit: '2', words: [no], goto: bye}`,
      '{words: [yes], goto: bye}',
      'a.yaml:10:7: nobody can answer this where no recogniser',
    ],
    [
      'a no-match that cannot be',
      `{digit: '2', words: [no], goto: bye}`,
      '{anything: true, goto: bye}\n      noMatch: What?',
      'a.yaml:13:7: `noMatch` is never said',
    ],
    [
      'a hole',
      'say: Hello.',
      'say: Hello {{customer.fullName}}.',
      'a.yaml:5:18: where customer.fullName is not known, nothing can be said here: give it a default',
    ],
    [
      'a hole in the last alternative',
      'say: Hello.',
      `say: ['Hi {{session.from}}', 'Hi {{customer.fullName}}']`,
      'a.yaml:5:40: where customer.fullName',
    ],
    [
      'an alternative that is never said',
      'say: Hello.',
      'say: [Hello., Good morning.]',
      'a.yaml:5:11: the alternatives after this are never said',
    ],
    [
      'an unknown placeholder',
      'say: Hello.',
      `say: 'Hello {{customer.fulname|you}}'`,
      'a.yaml:5:17: {{customer.fulname|you}} names nothing that is known. Did you mean customer.fullName?',
    ],
    [
      'a misspelt attribute',
      'say: Hello.',
      `say: 'It is {{customer.atributes.sum|x}}'`,
      'Did you mean customer.attributes.sum?',
    ],
    [
      'a default that says nothing',
      'say: Hello.',
      `say: 'Hello {{customer.fullName|}}'`,
      'a.yaml:5:17: {{customer.fullName|}} has a default that says nothing',
    ],
    [
      'two defaults',
      'say: Hello.',
      `say: 'Hello {{customer.fullName|a|b}}'`,
      'a.yaml:5:17: {{customer.fullName|a|b}} has more than one default',
    ],
    [
      'one brace',
      'say: Hello.',
      'say: Hello {customer.fullName}',
      'a.yaml:5:16: braces are kept for placeholders',
    ],
    [
      'an open brace',
      'say: Hello.',
      'say: Hello {{customer.fullName',
      'a.yaml:5:16: braces are kept for placeholders',
    ],
    [
      'three braces',
      'say: Hello.',
      `say: 'Hello {{{customer.fullName|x}}}'`,
      'a.yaml:5:17: braces are kept for placeholders',
    ],
    [
      'an answer that nobody keeps',
      'say: Hello.',
      `say: 'It is {{answers.pin|a secret}}'`,
      'a.yaml:5:17: no answer is kept as pin',
    ],
    [
      'braces without quotes',
      'say: Hello.',
      'say: {{customer.fullName}}',
      'a.yaml:5:11: this is no name of a setting; a text that begins with {{ needs quotes',
    ],
    ['silence', 'say: Hello.', `say: '...'`, 'a.yaml:5:10: there is nothing to say in this text'],
    ['no text', 'say: Hello.', 'say: 5', 'a.yaml:5:10: a text is a sentence in quotes'],
    [
      'an endless text',
      'say: Hello.',
      `say: ${'x'.repeat(1001)}`,
      'a.yaml:5:10: a text has at most 1000 letters',
    ],
    [
      'a recording elsewhere',
      'say: Hello.',
      'say: {audio: ../a.wav, text: Hello}',
      'a.yaml:5:18: `audio` must be a WAV file',
    ],
    [
      'a recording without words',
      'say: Hello.',
      'say: {audio: a.wav}',
      'a.yaml:5:5: a recording needs `text`',
    ],
    [
      'a recording with a name in it',
      'say: Hello.',
      `say: {audio: a.wav, text: 'Hi {{customer.fullName|x}}'}`,
      'a.yaml:5:31: a recording says the same',
    ],
    [
      'a text without the default language',
      'say: Hello.',
      'say: {hi: नमस्ते}',
      'a.yaml:5:5: `say` is not there in en, the default',
    ],
    [
      'a text in one of two languages',
      'say: Hello.',
      'say: {en: Hello., hi: नमस्ते}',
      'a.yaml:8:5: `say` is not there in hi, a language of this dialogue',
    ],
    ['no language', 'say: Hello.', `say: {'en!': Hello.}`, 'a.yaml:5:11: `en!` is no language'],
    [
      'a language twice',
      'say: Hello.',
      'say: {en-in: Hello., en-IN: Hello.}',
      'a.yaml:5:26: `en-IN` stands twice',
    ],
  ];

  it.each(cases)('%s', (_, line, by, says) => {
    expect(problemsOf(replaced(line, by)).join('\n')).toContain(says);
  });

  it('everything that is wrong with it at once, in the order of the file', () => {
    const text = replaced('goto: question', 'goto: qestion')
      .replace('words: [no]', 'words: [yes]')
      .replace('otherwise: bye', 'otherwise: bye\n      attempts: 99')
      .replace('say: Goodbye.', 'say: Goodbye {{customer.fullName}}.');
    expect(problemsOf(text).map((line) => line.split(': ', 1)[0])).toEqual([
      'a.yaml:6:11',
      'a.yaml:12:32',
      'a.yaml:14:17',
      'a.yaml:16:20',
    ]);
  });
});
