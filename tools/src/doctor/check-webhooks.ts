import { randomUUID } from 'node:crypto';
import type { Account } from '@greenroom/platform';
import { nameOf } from './check-accounts';
import { notChecked, ok, warning, wrong, type Check, type Verdict } from './finding';
import { judgeStranger, judgeUnauthenticated, judgeWebhook } from './judge-webhook';
import { inWords } from './network-error';
import { refusalIn, send } from './send';
import type { Setup } from './setup';
import { canSign, methodsOf, webhookProbe, type ProbeOptions } from './webhook-probe';

/** The road of webhooks: from here through the proxy to the ingest, with the credentials that it has to accept. */
export function webhookChecks({ accounts, publicBaseUrl, apiKey }: Setup, now: () => number): Check[] {
  if (publicBaseUrl === null || accounts.length === 0) {
    const why =
      publicBaseUrl === null ? 'PUBLIC_BASE_URL is missing or wrong' : 'there are no accounts to try';
    return [{ group: 'webhooks', name: 'webhooks', run: () => Promise.resolve(notChecked(why)) }];
  }
  const road = { publicBaseUrl, now };
  return [
    ...accounts.flatMap((account) => [
      ...(canSign(account)
        ? methodsOf(account).map((method) => signed(account, method, road))
        : [unsignable(account)]),
      unauthenticated(account, road),
    ]),
    api(apiKey, accounts[0], publicBaseUrl),
  ];
}

interface Road {
  publicBaseUrl: string;
  now: () => number;
}

type Method = ProbeOptions['method'];

const signed = (account: Account, method: Method, road: Road): Check => ({
  group: 'webhooks',
  name: `${nameOf(account)} ${method}`,
  run: async (signal) => {
    const verdict = await tryOut(account, { method }, { road, signal });
    if (verdict.status !== 'wrong' || !verdict.message.includes('signature')) return verdict;
    return (await diagnose(account, method, { road, signal })) ?? verdict;
  },
});

interface Way {
  road: Road;
  signal: AbortSignal;
}

async function tryOut(
  account: Account,
  options: Partial<ProbeOptions> & { method: Method },
  way: Way,
): Promise<Verdict> {
  const { publicBaseUrl, now } = way.road;
  const { request, expected } = webhookProbe(account, {
    ...{ publicBaseUrl, authenticated: true, now: now(), nonce: randomUUID() },
    ...options,
  });
  try {
    const answer = await send(request, way.signal);
    const probed = { account, expected, method: request.method };
    return options.authenticated === false
      ? judgeUnauthenticated(answer, probed)
      : judgeWebhook(answer, probed);
  } catch (error) {
    return wrong(inWords(error));
  }
}

/** Why is a signature refused that is right by our own reckoning? Other signatures tell, where one of them is accepted. */
async function diagnose(account: Account, method: Method, way: Way): Promise<Verdict | null> {
  const accepted = async (options: Partial<ProbeOptions>) =>
    (await tryOut(account, { method, ...options }, way)).status === 'ok';
  if (method === 'POST' && (await accepted({ query: false }))) {
    return wrong(
      'signature refused with a query, accepted without one: the proxy drops or rewrites the query. Pass it on as it came',
    );
  }
  for (const signedBaseUrl of otherForms(way.road.publicBaseUrl)) {
    if (await accepted({ signedBaseUrl })) {
      return wrong(
        `signature refused: the ingest has PUBLIC_BASE_URL ${signedBaseUrl}, here it is ${way.road.publicBaseUrl}`,
      );
    }
  }
  return null;
}

/** How else the same place is written by mistake: with the other scheme, without its path. */
export function otherForms(publicBaseUrl: string): string[] {
  const { protocol, origin, host } = new URL(publicBaseUrl);
  const other = protocol === 'https:' ? 'http:' : 'https:';
  const path = publicBaseUrl.slice(origin.length);
  const forms = [`${other}//${host}${path}`, origin, `${other}//${host}`];
  return [...new Set(forms)].filter((form) => form !== publicBaseUrl);
}

const unsignable = (account: Account): Check => ({
  group: 'webhooks',
  name: `${nameOf(account)} POST`,
  run: () =>
    Promise.resolve(
      notChecked(
        'whether a signed one is accepted: Telnyx alone has the key that signs. The first call shows it',
      ),
    ),
});

const unauthenticated = (account: Account, road: Road): Check => ({
  group: 'webhooks',
  name: `${nameOf(account)} without credentials`,
  run: (signal) => tryOut(account, { method: 'POST', authenticated: false }, { road, signal }),
});

/** Looks up a call that there cannot be: the database is read, and nothing written. */
const api = (key: string | null, account: Account | undefined, publicBaseUrl: string): Check => ({
  group: 'webhooks',
  name: 'API /v1/sessions',
  run: async (signal) => {
    if (key === null || account === undefined) return notChecked('API_KEYS is empty: it refuses everybody');
    const url = `${publicBaseUrl}/v1/sessions/${account.provider}/${account.name}/doctor-${randomUUID()}`;
    try {
      const answer = await send(
        { method: 'GET', url, headers: { authorization: `Bearer ${key}` }, body: '' },
        signal,
      );
      const said = refusalIn(answer);
      if (said === null) return judgeStranger(answer);
      if (answer.status === 404 && said === 'No such call.') return ok('the key is accepted');
      if (answer.status === 401) return wrong('the key is refused: the ingest has other API_KEYS');
      return warning(`it answers ${answer.status}: ${said}`);
    } catch (error) {
      return wrong(inWords(error));
    }
  },
});
