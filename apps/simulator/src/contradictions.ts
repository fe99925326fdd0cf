import type { Arguments } from './option-schema';

/** Which of the options mean nothing next to each other, in words; null: none. */
export const contradictionIn = (given: Arguments): string | null =>
  CONTRADICTIONS.find(({ holds }) => holds(given))?.message ?? null;

const many = (one: Arguments): boolean => one.count !== undefined;
const tellsNothing = ({ provider }: Arguments): boolean => provider === 'exotel' || provider === 'twilio';
const isLate = (one: Arguments): boolean =>
  one['no-webhook'] || one['webhook-delay'] > 0 || one['webhook-delay-max'] !== undefined;
const conversing = (one: Arguments): boolean => one.answer !== undefined;

/** Options that mean nothing next to each other: better refused than half obeyed. */
const CONTRADICTIONS: readonly { holds: (one: Arguments) => boolean; message: string }[] = [
  {
    holds: (one) => one['no-webhook'] && (one['webhook-delay'] > 0 || one.twice || one['drop-cache']),
    message: '--no-webhook goes with neither --webhook-delay, --twice nor --drop-cache.',
  },
  {
    holds: (one) =>
      one.method !== undefined &&
      (one['no-webhook'] || one.provider === 'exotel' || (one.provider === 'telnyx' && !one.texml)),
    message:
      '--method is for providers twilio, plivo and vonage and for --texml, and does not go with --no-webhook.',
  },
  {
    holds: (one) => one['no-stream'] && (one.provider !== 'telnyx' || one.texml || isLate(one)),
    message:
      '--no-stream is for provider telnyx without --texml, and needs its webhook first: leave --no-webhook and ' +
      '--webhook-delay out.',
  },
  {
    holds: (one) => one['no-stream'] && conversing(one),
    message: '--no-stream does not go with --answer: there is nobody to talk with.',
  },
  {
    holds: (one) => one.copies !== undefined && (one.twice || one['no-webhook']),
    message: '--copies goes with neither --twice nor --no-webhook.',
  },
  {
    holds: (one) => one.provider !== 'telnyx' && (one.texml || one.reorder !== undefined),
    message: '--texml and --reorder are for provider telnyx.',
  },
  {
    holds: (one) => one.order !== undefined && (tellsNothing(one) || one['no-webhook']),
    message: '--order is for providers plivo, telnyx and vonage, and does not go with --no-webhook.',
  },
  {
    holds: (one) =>
      one.provider === 'exotel' &&
      [one['api-port'], one['api-status'], one['api-delay']].some((value) => value !== undefined),
    message: '--api-port, --api-status and --api-delay are for all providers but exotel.',
  },
  {
    holds: (one) =>
      one['api-times'] !== undefined && one['api-status'] === undefined && one['api-delay'] === undefined,
    message: '--api-times needs --api-status or --api-delay.',
  },
  {
    holds: (one) => one['drop-cache'] && (one['webhook-delay'] > 0 || one['webhook-delay-max'] !== undefined),
    message:
      '--drop-cache needs the webhook before the stream: leave --webhook-delay and --webhook-delay-max out.',
  },
  {
    holds: (one) => one.path === 'call' && (one.provider !== 'exotel' || one.account !== 'default'),
    message: '--path call is for provider exotel and account default only.',
  },
  {
    holds: (one) =>
      one['dynamic-url'] && (one.provider !== 'exotel' || one.path === 'call' || one.param.length > 0),
    message: '--dynamic-url is for provider exotel, and goes with neither --path call nor --param.',
  },
  {
    holds: (one) =>
      one.provider !== 'exotel' &&
      (one.param.length > 0 || one['sample-rate'] !== undefined || one['media-format'] !== 'raw'),
    message: '--param, --sample-rate and --media-format are for provider exotel.',
  },
  {
    holds: (one) => one.say !== undefined && one['say-text'] !== undefined,
    message: '--say and --say-text exclude each other.',
  },
  {
    holds: (one) => conversing(one) && (one.digits !== undefined || one.hold > 0),
    message: '--answer goes with neither --digits (use --answer press:KEYS) nor --hold.',
  },
  {
    holds: ({ answer = [] }) => answer.slice(0, -1).some(({ kind }) => kind === 'hang-up'),
    message: '--answer hang-up is the last of its kind: nothing can be answered behind it.',
  },
  {
    holds: (one) => !conversing(one) && one['line-echo'] !== undefined,
    message: '--line-echo needs --answer: a caller that waits for its own voice would hear itself for ever.',
  },
  {
    holds: (one) =>
      many(one) &&
      [one['call-id'], one.record, one['record-both'], one.sheet].some((value) => value !== undefined),
    message:
      '--count goes with neither --call-id, --record, --record-both nor --sheet: those are one call’s.',
  },
  {
    holds: (one) =>
      !many(one) &&
      [one.concurrency, one.spread, one['webhook-delay-max']].some((value) => value !== undefined),
    message: '--concurrency, --spread and --webhook-delay-max need --count.',
  },
];
