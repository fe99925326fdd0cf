import { parseArguments } from './arguments';
import { UsageError } from './config';
import { HELP } from './help';
import { OPTION_NAMES } from './option-schema';

const refusal = (...argv: string[]): string => {
  try {
    parseArguments(argv);
    return 'accepted';
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
};

describe('the options', () => {
  it('are an ordinary call by Exotel when there are none', () => {
    expect(parseArguments([])).toMatchObject({
      provider: 'exotel',
      account: 'default',
      path: 'account',
      'webhook-delay': 0,
      'no-webhook': false,
      json: false,
      param: [],
    });
  });

  it('are read as what they mean', () => {
    const argv =
      '--provider twilio --webhook-delay 3000 --count 20 --spread=500 --webhook-delay-max 4000 --json';
    expect(parseArguments(argv.split(' '))).toMatchObject({
      provider: 'twilio',
      'webhook-delay': 3000,
      count: 20,
      spread: 500,
      'webhook-delay-max': 4000,
      json: true,
    });
    expect(parseArguments(['--param', 'a=1', '--param', 'b=', '--sample-rate', '16000'])).toMatchObject({
      param: ['a=1', 'b='],
      'sample-rate': 16_000,
    });
  });

  it('may choose among the quirks of a provider', () => {
    const argv = '--provider telnyx --copies 3 --reorder 4 --order stream,started,answered --api-status 500';
    expect(parseArguments([...argv.split(' '), '--api-times', '2'])).toMatchObject({
      provider: 'telnyx',
      copies: 3,
      reorder: 4,
      order: ['stream', 'started', 'answered'],
      'api-status': 500,
      'api-times': 2,
    });
  });

  it('may choose how the answer is asked for, and that there is no stream', () => {
    const texml = ['--provider', 'telnyx', '--texml', '--method', 'get'];
    expect(parseArguments(texml)).toMatchObject({ texml: true, method: 'get', 'no-stream': false });
    expect(parseArguments(['--provider', 'vonage', '--method', 'post'])).toMatchObject({ method: 'post' });
    expect(parseArguments(['--provider', 'telnyx', '--no-stream'])).toMatchObject({ 'no-stream': true });
  });

  it('are a conversation where there are answers', () => {
    const argv = ['--answer', 'after:100:say:yes', '--answer=press:1', '--answer', 'hang-up'];
    expect(parseArguments([...argv, '--prompt-gap', '700', '--line-echo', '20:250'])).toMatchObject({
      answer: [{ kind: 'say', text: 'yes', afterMs: 100 }, { kind: 'press', keys: '1' }, { kind: 'hang-up' }],
      'prompt-gap': 700,
      'line-echo': { belowDb: 20, delayMs: 250 },
    });
    expect(parseArguments([]).answer).toBeUndefined();
  });

  it.each([
    [['--answer', 'yes'], '--answer accepts: say:TEXT, wav:FILE, press:KEYS'],
    [['--answer', 'yes'], '; not yes'],
    [['--answer', 'silence', '--line-echo', '20'], '--line-echo accepts: DB:MS, such as 20:250'],
    [['--lose-marks', 'some'], '--lose-marks accepts: first or all'],
    [['--say-text', ''], '--say-text accepts: words to say'],
    [['--provider', 'jambonz'], '--provider accepts: exotel or twilio or plivo or telnyx or vonage'],
    [['--method', 'put'], '--method accepts: get or post'],
    [['--copies', '0'], '--copies accepts: a number of copies, 1 to 20'],
    [['--order', 'stream,answered'], '--order accepts: each of answered, stream, started once'],
    [['--order', 'stream,stream,started'], '--order accepts: each of answered, stream, started once'],
    [['--reorder', '1'], '--reorder accepts: a number of messages, 2 to 100'],
    [['--api-status', '200'], '--api-status accepts: an HTTP status of a failure, 400 to 599'],
    [['--account', 'A B'], '--account accepts: lower-case letters'],
    [['--call-id', 'short'], '--call-id accepts: 8 to 160 characters'],
    [['--from', 'Asha'], '--from accepts: a phone number'],
    [['--webhook-delay', '3s'], '--webhook-delay accepts: whole milliseconds, 0 to 3600000'],
    [['--hold=-5'], '--hold accepts: whole milliseconds'],
    [['--count', '0'], '--count accepts: a number of calls, 1 to'],
    [['--digits', '12x'], '--digits accepts: keys of a telephone'],
    [['--sample-rate', '44100'], '--sample-rate accepts: 8000 or 16000 or 24000'],
    [['--media-url', 'http://x'], '--media-url accepts: a ws or wss URL'],
    [['--webhook-url', 'x'], '--webhook-url accepts: an http or https URL'],
    [['--param', 'novalue'], '--param accepts: name=value'],
    [
      ['--param', 'a=1', '--param', 'b=1', '--param', 'c=1', '--param', 'd=1'],
      '--param accepts: at most 3 times',
    ],
    [['--nonsense'], "Unknown option '--nonsense'.\nAccepted: --provider --texml --account"],
    [['stray'], 'stray'],
    [['--from'], "Option '--from <value>' argument missing"],
  ])('%j are refused with what is accepted', (argv, message) => {
    expect(refusal(...argv)).toContain(message);
  });

  it.each([
    [['--no-webhook', '--webhook-delay', '5']],
    [['--no-webhook', '--twice']],
    [['--no-webhook', '--copies', '3']],
    [['--method', 'get']],
    [['--method', 'post', '--provider', 'telnyx']],
    [['--method', 'get', '--provider', 'plivo', '--no-webhook']],
    [['--no-stream', '--provider', 'plivo']],
    [['--no-stream', '--provider', 'telnyx', '--texml']],
    [['--no-stream', '--provider', 'telnyx', '--no-webhook']],
    [['--no-stream', '--provider', 'telnyx', '--webhook-delay', '5']],
    [['--no-stream', '--provider', 'telnyx', '--answer', 'silence']],
    [['--copies', '3', '--twice']],
    [['--texml', '--provider', 'plivo']],
    [['--reorder', '3', '--provider', 'vonage']],
    [['--order', 'stream,answered,started', '--provider', 'twilio']],
    [['--order', 'stream,answered,started', '--provider', 'telnyx', '--no-webhook']],
    [['--api-port', '4010']],
    [['--api-times', '2', '--provider', 'telnyx']],
    [['--drop-cache', '--webhook-delay', '5']],
    [['--path', 'call', '--provider', 'twilio']],
    [['--path', 'call', '--account', 'other']],
    [['--dynamic-url', '--provider', 'twilio']],
    [['--sample-rate', '8000', '--provider', 'twilio']],
    [['--count', '2', '--record', 'x.wav']],
    [['--count', '2', '--record-both', 'x.wav']],
    [['--count', '2', '--sheet', 'x.html']],
    [['--say', 'x.wav', '--say-text', 'hello']],
    [['--answer', 'silence', '--digits', '1']],
    [['--answer', 'silence', '--hold', '5']],
    [['--answer', 'hang-up', '--answer', 'silence']],
    [['--line-echo', '20:250']],
    [['--spread', '5']],
  ])('%j contradict each other', (argv) => {
    expect(refusal(...argv)).toMatch(/^--/);
  });

  it('stand in the help, every one of them', () => {
    for (const name of OPTION_NAMES) expect(HELP).toContain(`--${name}`);
  });
});
