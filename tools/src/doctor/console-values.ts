import type { Account } from '@greenroom/platform';
import { nameOf } from './check-accounts';
import { MASK } from './secrets';

/** One thing to type in, or to mind, at the provider's; `value` is to be copied as it is. */
export interface ConsoleValue {
  where: string;
  value: string;
}

export interface AccountValues {
  account: string;
  values: readonly ConsoleValue[];
  notes: readonly string[];
}

export interface PublicUrls {
  publicBaseUrl: string;
  mediaUrl: string;
  showSecrets: boolean;
}

interface Urls {
  webhook: (operation: string) => string;
  stream: string;
}

type Values = Omit<AccountValues, 'account'>;

/** What docs/providers and the README say, with the URLs of this set-up. */
export function consoleValues(account: Account, urls: PublicUrls): AccountValues {
  const { values, notes } = AT[account.provider](urlsOf(account, urls), account);
  const masked = values.some(({ value }) => value.includes(MASK));
  return { account: nameOf(account), values, notes: masked ? [...notes, MASKED] : notes };
}

const MASKED = `${MASK} stands for a secret: --show-secrets prints it.`;

function urlsOf(
  { provider, name, credentials }: Account,
  { publicBaseUrl, mediaUrl, showSecrets }: PublicUrls,
): Urls {
  const shown = (secret: string) => (showSecrets ? encodeURIComponent(secret) : MASK);
  const [basic] = provider === 'vonage' ? [] : credentials.basic;
  const user = basic ? `${encodeURIComponent(basic.username)}:${shown(basic.password)}@` : '';
  const [secret] = credentials.pathSecrets;
  const end = secret === undefined ? '' : `/${shown(secret)}`;
  const withUser = (url: string) => url.replace('://', `://${user}`);
  return {
    webhook: (operation) => `${withUser(publicBaseUrl)}/webhooks/${provider}/${name}/${operation}${end}`,
    stream: `${withUser(mediaUrl)}/ws/${provider}/${name}${end}`,
  };
}

const NO_STREAM_URL = 'No URL for the stream, and none for what comes after it: our answer names both.';

const AT: Readonly<Record<Account['provider'], (urls: Urls, account: Account) => Values>> = {
  exotel: ({ webhook, stream }) => ({
    values: [
      { where: 'Flow, first applet: Passthru, URL', value: webhook('passthru') },
      { where: 'Flow, then: Voicebot, URL', value: stream },
      { where: '  or, asked for with every call', value: webhook('stream-url') },
      { where: 'Flow, after the Voicebot: Passthru, URL', value: webhook('passthru') },
      { where: 'Calls over the API: StatusCallback', value: webhook('status') },
    ],
    notes: [
      '"Make Passthru Async" may be ticked for the first Passthru, and must not be for the one after the Voicebot.',
      'With the URL that is asked for with every call, no first Passthru is needed.',
      'The last Passthru is for transfers: 302 takes its second branch.',
    ],
  }),
  twilio: ({ webhook }) => ({
    values: [
      { where: 'Phone number, Voice: A call comes in, HTTP POST', value: webhook('voice') },
      { where: 'Phone number, Voice: Call status changes, HTTP POST', value: webhook('status') },
    ],
    notes: [NO_STREAM_URL],
  }),
  plivo: ({ webhook }) => ({
    values: [
      { where: 'XML application: Primary Answer URL, POST', value: webhook('answer') },
      { where: 'XML application: Hangup URL, POST', value: webhook('hangup') },
    ],
    notes: [
      'Fallback Answer URL: a page of yours on another host, POST.',
      'The number: Application Type XML Application, Plivo Application the one from above.',
      NO_STREAM_URL,
    ],
  }),
  telnyx: ({ webhook }, { api }) => (api ? callControl(webhook) : texml(webhook)),
  vonage: ({ webhook }) => ({
    values: [
      { where: 'Application, Voice: Answer URL, POST', value: webhook('answer') },
      { where: 'Application, Voice: Event URL, POST', value: webhook('event') },
    ],
    notes: ['Fallback URL: leave it empty.', '"Use signed webhooks": on.', NO_STREAM_URL],
  }),
};

const TELNYX = [
  'Inbound: allow the codecs G711U and G711A only.',
  'The number’s connection: this application.',
  'For transfers: an outbound voice profile that allows the country of transferTo.',
];

const callControl = (webhook: Urls['webhook']): Values => ({
  values: [
    { where: 'Voice API application: Webhook URL, API v2', value: webhook('events') },
    { where: 'Voice API application: Failover URL, may be the same', value: webhook('events') },
  ],
  notes: [...TELNYX, NO_STREAM_URL],
});

const texml = (webhook: Urls['webhook']): Values => ({
  values: [
    { where: 'TeXML application: Webhook URL, POST', value: webhook('texml') },
    { where: 'TeXML application: Status callback, POST', value: webhook('texml-status') },
  ],
  notes: [...TELNYX, 'For Call Control in place of TeXML, set the account’s api.', NO_STREAM_URL],
});
