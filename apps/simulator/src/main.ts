import { parseArguments } from './arguments';
import type { CallOptions, Speech } from './call-options';
import { loadStack, UsageError, type Stack, type StackWishes } from './config';
import { HELP } from './help';
import { placeManyCalls } from './many-calls';
import type { Arguments } from './option-schema';
import { placeCall } from './place-call';
import { entryLine, manyCallsText, resultLine } from './report';
import { readSpeech } from './speech';
import type { TimelineEntry } from './timeline';

/** As in help: it went as it should; it did not; it was not understood. */
const [OK, FAILED, USAGE] = [0, 1, 2] as const;

async function run(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command === '--help' || command === 'help') return tell(HELP);
  if (command !== 'call') {
    throw new UsageError(`${command ?? 'No command given'}: accepted is call. See --help.`);
  }
  const given = parseArguments(rest);
  if (given.help) return tell(HELP);
  const options = callOptions(given, loadStack(stackWishes(given)));
  return given.count === undefined ? oneCall(given, options) : manyCalls(given, given.count, options);
}

async function oneCall({ json }: Arguments, options: CallOptions): Promise<number> {
  const watch = (entry: TimelineEntry): void => console.log(entryLine(entry));
  const result = await placeCall(json ? options : { ...options, watch });
  tell(json ? JSON.stringify(result) : resultLine(result));
  return result.ok ? OK : FAILED;
}

async function manyCalls(given: Arguments, count: number, call: CallOptions): Promise<number> {
  const tellEvery = Math.ceil(count / 10);
  const result = await placeManyCalls({
    call,
    count,
    concurrency: given.concurrency,
    spreadMs: given.spread,
    webhookDelayMaxMs: given['webhook-delay-max'],
    onResult: (_result, done) => {
      if (!given.json && done % tellEvery === 0) tell(`${done} of ${count} calls are over`);
    },
  });
  tell(given.json ? JSON.stringify(result) : manyCallsText(result));
  return result.ok ? OK : FAILED;
}

function stackWishes(given: Arguments): StackWishes {
  return {
    provider: given.provider,
    account: given.account,
    file: given.stack,
    webhookUrl: given['webhook-url'],
    mediaUrl: given['media-url'],
    apiKey: given['api-key'],
    username: given.username,
    password: given.password,
    authToken: given['auth-token'],
    signingKey: given['signing-key'],
    signatureSecret: given['signature-secret'],
    streamTokenSecret: given['stream-token-secret'],
    apiPort: given['api-port'],
  };
}

function callOptions(given: Arguments, stack: Stack): CallOptions {
  if (given['drop-cache'] && (stack.redisUrl === undefined || stack.environment === undefined)) {
    throw new UsageError('--drop-cache needs a stack file with redisUrl and environment.');
  }
  return {
    stack,
    provider: given.provider,
    texml: given.texml,
    account: given.account,
    callId: given['call-id'],
    from: given.from,
    name: given.name,
    webhookDelayMs: given['webhook-delay'],
    noWebhook: given['no-webhook'],
    noStream: given['no-stream'],
    method: given.method,
    twice: given.twice,
    copies: given.copies,
    order: given.order,
    dropCache: given['drop-cache'],
    afterBot: given['after-bot'],
    path: given.path,
    dynamicUrl: given['dynamic-url'],
    parameters: Object.fromEntries(given.param.map((pair) => pair.split(/=(.*)/s, 2) as [string, string])),
    sampleRate: given['sample-rate'],
    mediaFormat: given['media-format'],
    stringNumbers: given['string-numbers'],
    bare: given.bare,
    reorder: given.reorder,
    apiFault: apiFault(given),
    ...callerOptions(given),
    loseMarks: given['lose-marks'],
    lineEcho: given['line-echo'],
    record: given.record,
    recordBoth: given['record-both'],
    sheet: given.sheet,
    signal: hangUpOnInterrupt(),
  };
}

function apiFault(given: Arguments): CallOptions['apiFault'] {
  const { 'api-status': status, 'api-delay': delayMs, 'api-times': times } = given;
  return status === undefined && delayMs === undefined ? undefined : { status, delayMs, times };
}

function callerOptions(given: Arguments): Partial<CallOptions> {
  return {
    say: given.say === undefined ? undefined : speechIn(given.say),
    sayText: given['say-text'],
    sayAfterMs: given['say-after'],
    digits: given.digits,
    holdMs: given.hold,
    limitMs: given.limit,
    answers: given.answer,
    promptGapMs: given['prompt-gap'],
  };
}

function speechIn(path: string): Speech {
  try {
    return readSpeech(path);
  } catch (error) {
    throw new UsageError(`--say accepts: a WAV file. ${path}: ${(error as Error).message}`);
  }
}

/** The first ctrl-C hangs up as a caller would, a second one ends the process. */
function hangUpOnInterrupt(): AbortSignal {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  return interrupt.signal;
}

function tell(text: string): number {
  console.log(text);
  return OK;
}

async function main(): Promise<void> {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    // a mistake in the options is told in a sentence; anything else is a bug and keeps its stack
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = error instanceof UsageError ? USAGE : FAILED;
  }
}

void main();
