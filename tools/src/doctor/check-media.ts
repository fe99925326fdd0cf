import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '@greenroom/platform';
import { STREAM_TOKEN_NONCE_BYTES } from '@greenroom/telephony';
import { nameOf } from './check-accounts';
import { notChecked, wrong, type Check, type Verdict } from './finding';
import { judgeBare, judgeStream, type TokenKnown } from './judge-stream';
import { inWords } from './network-error';
import { openStream, type Opened } from './open-stream';
import { refusalIn } from './send';
import type { Setup } from './setup';
import { isTyped, signsUpgrade, streamProbe, type StreamKind } from './stream-probe';

/** Upgrades that are to be refused count against our address, and behind a proxy that nobody trusts that is everybody’s. */
const PAUSE_MS = 120;
/** The gateway’s limit of refusals is one of a second. */
const LIMIT_MS = 1100;

/** The road of streams: from here through the proxy to the gateway, with the token that it has to accept. */
export function mediaChecks({ accounts, mediaUrl, tokenSecrets }: Setup, now: () => number): Check[] {
  const [tokenSecret] = tokenSecrets;
  if (mediaUrl === null || accounts.length === 0) {
    const why = mediaUrl === null ? 'PUBLIC_BASE_URL is missing or wrong' : 'there are no accounts to try';
    return [{ group: 'media', name: 'media', run: () => Promise.resolve(notChecked(why)) }];
  }
  const road: Road = { mediaUrl, tokenSecret, now, token: null };
  // what nobody signs tells of tokens alone, so that the others' signatures can be told from them
  const unsignedFirst = [...accounts].sort((a, b) => Number(signsUpgrade(a)) - Number(signsUpgrade(b)));
  return unsignedFirst.flatMap((account) => [
    withToken(account, road),
    ...(isTyped(account) ? [typed(account, road)] : []),
    bare(account, road),
  ]);
}

interface Road {
  mediaUrl: string;
  /** undefined: there is none */
  tokenSecret: string | undefined;
  now: () => number;
  token: TokenKnown;
}

const check = (account: Account, what: string, run: Check['run']): Check => ({
  group: 'media',
  name: `${nameOf(account)} ${what}`,
  run,
});

const withToken = (account: Account, road: Road): Check =>
  check(account, 'stream', async (signal) => {
    if (road.tokenSecret === undefined) return notChecked('STREAM_TOKEN_SECRETS is missing or wrong');
    return judged(account, 'token', { road, signal }, (opened) => {
      if (!signsUpgrade(account)) road.token = knownFrom(opened) ?? road.token;
      return judgeStream(opened, { account, kind: 'token', token: road.token });
    });
  });

function knownFrom(opened: Opened): TokenKnown {
  if (opened.opened) return 'accepted';
  return opened.answer.status === 403 && refusalIn(opened.answer) !== null ? 'refused' : null;
}

const typed = (account: Account, road: Road): Check =>
  check(account, 'stream, URL typed in', (signal) =>
    judged(account, 'typed', { road, signal }, (opened) =>
      judgeStream(opened, { account, kind: 'typed', token: road.token }),
    ),
  );

const bare = (account: Account, road: Road): Check =>
  check(account, 'stream without credentials', async (signal) => {
    await sleep(PAUSE_MS);
    return judged(account, 'bare', { road, signal }, (opened) => judgeBare(opened, account));
  });

interface Way {
  road: Road;
  signal: AbortSignal;
}

async function judged(
  account: Account,
  kind: StreamKind,
  { road, signal }: Way,
  judge: (opened: Opened) => Verdict,
): Promise<Verdict> {
  const { mediaUrl, tokenSecret = '', now } = road;
  const open = () => {
    const random = randomBytes(STREAM_TOKEN_NONCE_BYTES);
    return openStream(streamProbe(account, kind, { mediaUrl, tokenSecret, now: now(), random }), signal);
  };
  try {
    const opened = await open();
    if (!isOverLimit(opened)) return judge(opened);
    await sleep(LIMIT_MS);
    return judge(await open());
  } catch (error) {
    return wrong(inWords(error));
  }
}

const isOverLimit = (opened: Opened): boolean =>
  !opened.opened && opened.answer.status === 503 && /Too many wrong/.test(refusalIn(opened.answer) ?? '');
