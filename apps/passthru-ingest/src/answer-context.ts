import type { Account } from '@greenroom/platform';
import type { AnswerContext } from '@greenroom/telephony';

export interface PublicUrls {
  /** `https://…`, without a slash at its end */
  publicBaseUrl: string;
  /** `wss://…`, without a slash at its end */
  mediaUrl: string;
}

/** What an answer may name: our own URLs of this account, with the secrets that they have to hold. */
export function answerContext(
  account: Account,
  result: Pick<AnswerContext, 'next'> & { sessionId: string | null },
  urls: PublicUrls,
): AnswerContext {
  const webhook = (operation: string): string =>
    `${urls.publicBaseUrl}/webhooks/${pathOf(account, operation)}`;
  return {
    streamUrl: streamUrl(account, urls),
    streamStatusUrl: webhook('stream-status'),
    afterStreamUrl: webhook('after-stream'),
    parameters: result.sessionId ? { sessionId: result.sessionId } : {},
    next: result.next,
    transferTo: account.transferTo ?? null,
  };
}

function streamUrl(account: Account, { mediaUrl }: PublicUrls): string {
  const [basic] = account.credentials.basic;
  const media = new URL(`${mediaUrl}/ws/${pathOf(account)}`);
  if (basic && account.provider === 'exotel') {
    media.username = basic.username;
    media.password = basic.password;
  }
  return media.href;
}

function pathOf({ provider, name, credentials }: Account, ...rest: string[]): string {
  const [secret] = credentials.pathSecrets;
  return [provider, name, ...rest, ...(secret ? [secret] : [])].map(encodeURIComponent).join('/');
}
