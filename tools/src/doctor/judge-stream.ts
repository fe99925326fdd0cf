import { hasCredential, type Account } from '@greenroom/platform';
import { notChecked, ok, warning, wrong, type Verdict } from './finding';
import { judgeStranger } from './judge-webhook';
import type { Opened } from './open-stream';
import { refusalIn, type Answer } from './send';
import { isTyped, signsUpgrade, type StreamKind } from './stream-probe';

/** What the gateway has said of a token where nothing else is looked at; null: no account has shown it. */
export type TokenKnown = 'accepted' | 'refused' | null;

export interface Streamed {
  account: Account;
  kind: Exclude<StreamKind, 'bare'>;
  token: TokenKnown;
}

/** What became of an upgrade that has to be accepted. */
export function judgeStream(opened: Opened, streamed: Streamed): Verdict {
  if (!opened.opened) return judgeNotOpened(opened.answer, streamed);
  if (opened.closeCode === 1006) {
    return wrong(
      'the upgrade is answered, but no message comes through: the proxy has to pass WebSockets on',
    );
  }
  return ok('opened, and closed before any call began');
}

function judgeNotOpened(answer: Answer, streamed: Streamed): Verdict {
  const said = refusalIn(answer);
  if (said === null) return judgeOtherAnswer(answer);
  switch (answer.status) {
    case 401:
    case 403:
      return judgeRefused(said, streamed);
    case 404:
      // the gateway's own words name the form of the URL; others are of the ingest
      return said.startsWith('No such stream')
        ? wrong(`${said} The proxy changes the path, or the gateway has another accounts file`)
        : wrong(
            'answered by the ingest: the proxy has to lead /ws/ to the gateway, with Upgrade and Connection passed on',
          );
    case 503:
      return warning(`the gateway takes no stream now: ${said}`);
    default:
      return wrong(`the gateway answers ${answer.status}: ${said}`);
  }
}

/** A server that got no `Upgrade` takes the request for one of a page, which it has not. */
function judgeOtherAnswer(answer: Answer): Verdict {
  const { status } = answer;
  const page = status === 200 || status === 400 || status === 404 || status === 426;
  if (!page) return judgeStranger(answer);
  const reached = answer.body.includes('Cannot GET /ws/');
  return wrong(
    reached
      ? `the gateway got no Upgrade header (it answers ${status}): the proxy has to pass Upgrade and Connection on`
      : `answered ${status} in place of an upgrade: the proxy does not pass Upgrade on, or leads /ws/ elsewhere`,
  );
}

function judgeRefused(said: string, { account, kind, token }: Streamed): Verdict {
  const shown = said.replace(/\.$/, '');
  if (account.allowCidrs.length > 0) {
    return notChecked(
      `${shown}: perhaps since this machine is not in allowCidrs, so no more can be told from here`,
    );
  }
  if (kind === 'typed') {
    return wrong(
      `${shown}. The gateway knows other credentials than this accounts file, or the proxy drops them`,
    );
  }
  if (!signsUpgrade(account) || token === 'refused') return wrong(`${shown}: ${OTHER_SECRET}`);
  if (token === 'accepted')
    return wrong(`${shown}: tokens are accepted, so it is the signature. ${OTHER_URL}`);
  return wrong(`${shown}: the token or the signature. ${OTHER_URL}; or ${OTHER_SECRET}`);
}

const OTHER_SECRET =
  'the gateway has other STREAM_TOKEN_SECRETS than this environment (and the ingest), its clock is off, or the proxy changes the path';
const OTHER_URL =
  'The gateway has another PUBLIC_MEDIA_URL (or PUBLIC_BASE_URL) or another signing secret, or the proxy changes the path';

/** What became of an upgrade that has to be refused. */
export function judgeBare(opened: Opened, account: Account): Verdict {
  if (opened.opened) return judgeOpenToAll(account);
  const { answer } = opened;
  const said = refusalIn(answer);
  if (said !== null && (answer.status === 401 || answer.status === 403))
    return ok(`refused with ${answer.status}`);
  return judgeNotOpened(answer, { account, kind: 'typed', token: null });
}

function judgeOpenToAll(account: Account): Verdict {
  const { credentials, allowCidrs } = account;
  if (!isTyped(account)) return wrong('opened without a token: this is no gateway of this release');
  if (!hasCredential(account))
    return warning('opened: anybody may. DEMO_MODE accepts that, nothing else does');
  const secrets = Object.values(credentials).some((list) => list.length > 0);
  if (!secrets && allowCidrs.length > 0) return notChecked('opened, since this machine is in allowCidrs');
  return wrong('opened without credentials: the gateway has another accounts file');
}
