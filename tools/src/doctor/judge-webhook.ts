import { nameOf } from './check-accounts';
import type { Account } from '@greenroom/platform';
import { notChecked, ok, warning, wrong, type Verdict } from './finding';
import { refusalIn, type Answer } from './send';

export interface Probed {
  account: Account;
  method: 'GET' | 'POST';
  /** what an ingest answers that has got the probe as it was sent */
  expected: string;
}

/** What the answer to an authenticated webhook without a call proves. */
export function judgeWebhook(answer: Answer, probed: Probed): Verdict {
  const said = refusalIn(answer);
  if (said === null) return judgeStranger(answer);
  switch (answer.status) {
    case 400:
      return judgeArrived(said, probed);
    case 401:
    case 403:
      return judgeRefused(said, probed);
    case 404:
      return wrong(`${said} ${said === NO_PATH ? OTHER_PATH : OTHER_ACCOUNTS}`);
    case 405:
      return wrong(`${said} The method was changed on the way, as by a redirect`);
    case 503:
      return warning(`the ingest cannot serve now: ${said}`);
    default:
      return wrong(`the ingest answers ${answer.status}: ${said}`);
  }
}

function judgeArrived(said: string, { expected, method }: Probed): Verdict {
  if (said === expected) return ok('arrives as it was sent, and is accepted');
  if (/: missing$/.test(said)) {
    const part = method === 'GET' ? 'query' : 'body';
    return wrong(`the ${part} is lost on the way (${said}): the proxy has to pass it on as it came`);
  }
  return warning(
    `accepted, but the ingest says "${said}" where "${expected}" was expected: is it of another release?`,
  );
}

function judgeRefused(said: string, { account }: Probed): Verdict {
  if (said.includes('address')) {
    return notChecked(`${said} This machine is not in allowCidrs, so no more can be told from here`);
  }
  if (said.includes('signature')) return wrong(`${said} ${SIGNATURE}`);
  if (said.includes('path'))
    return wrong(`${said} The ingest has other pathSecrets, or the proxy cuts the path`);
  if (said.includes('password')) {
    return wrong(`${said} The proxy takes the Authorization header away, or the ingest has another password`);
  }
  return wrong(`${said} The ingest knows ${nameOf(account)} otherwise than this accounts file`);
}

/** Of the ingest, for a path that it has not: the account was not even looked for. */
const NO_PATH = 'No such path.';
const OTHER_PATH =
  'The proxy changes the path: the ingest has to get it from /webhooks/ or /v1/ on, without what PUBLIC_BASE_URL has before it';
const OTHER_ACCOUNTS = 'The proxy changes the path, or the ingest has another accounts file';

const SIGNATURE =
  'The ingest has another secret or another PUBLIC_BASE_URL than this environment, or the proxy changes path, query or body';

/** Nothing of ours has answered. */
export function judgeStranger({ status, headers }: Answer): Verdict {
  if (status >= 300 && status < 400) {
    return wrong(
      `answered ${status}, a redirect to ${targetOf(headers.location)}: providers need the URL itself, without one`,
    );
  }
  if (status === 404)
    return wrong('answered 404, and not by Greenroom: the proxy leads elsewhere, route the path to it');
  if (status === 401 || status === 403)
    return wrong(`answered ${status}, and not by Greenroom: something before it keeps strangers out`);
  if (status >= 500) return wrong(`answered ${status} by the proxy: it cannot reach Greenroom`);
  return wrong(`answered ${status}, and not by Greenroom: something else answers at this URL`);
}

/** Without path and query, which may hold a secret. */
const targetOf = (location: string | undefined): string =>
  location !== undefined && URL.canParse(location) ? new URL(location).origin : 'another path';

/** What the answer to a webhook that shows no credentials proves. */
export function judgeUnauthenticated(answer: Answer, { account, expected }: Probed): Verdict {
  const said = refusalIn(answer);
  if (said === null) return judgeStranger(answer);
  if (answer.status === 401 || answer.status === 403) return ok(`refused with ${answer.status}`);
  if (answer.status !== 400 || said !== expected)
    return judgeWebhook(answer, { account, expected, method: 'POST' });
  const { credentials, allowCidrs } = account;
  const secrets = Object.values(credentials).some((list) => list.length > 0);
  if (secrets) return wrong('accepted: the ingest asks for no credentials. Its accounts file is another one');
  return allowCidrs.length > 0
    ? notChecked('accepted, since this machine is in allowCidrs')
    : warning('accepted: anybody may call. DEMO_MODE accepts that, nothing else does');
}
