import { AccountSchema } from '@greenroom/platform';
import { openStreamToken } from '@greenroom/telephony';
import { answerContext, type PublicUrls } from './answer-context';

const urls: PublicUrls = {
  publicBaseUrl: 'https://hooks.example.com',
  mediaUrl: 'wss://voice.example.com',
  tokenSecrets: ['a secret of at least thirty-two characters'],
  tokenMs: 60_000,
};
const account = AccountSchema.parse({ name: 'default', provider: 'twilio' });
const acted = { sessionId: null, next: 'none', ownNumber: null } as const;

const contextOf = (callId: string) => answerContext(account, callId, acted, urls);
const tokenOf = (streamUrl: string): string => streamUrl.slice(streamUrl.lastIndexOf('/') + 1);

describe('what an answer may name', () => {
  it('is one stream, however often it is asked for', () => {
    const context = contextOf('CA00000000000000000000000000000001');
    expect(context.streamUrl).toBe(context.streamUrl);
    expect(context.streamUrl).toMatch(/^wss:\/\/voice\.example\.com\/ws\/twilio\/default\/[\w-]+$/);
    expect(context.streamStatusUrl).toBe('https://hooks.example.com/webhooks/twilio/default/stream-status');
    expect(context.afterStreamUrl).toBe('https://hooks.example.com/webhooks/twilio/default/after-stream');
  });

  it('is a token of its own for every answer, of repeats too', () => {
    // more than are drawn at once
    const tokens = Array.from({ length: 600 }, () =>
      tokenOf(contextOf('CA00000000000000000000000000000001').streamUrl),
    );
    const route = { provider: 'twilio', account: 'default' } as const;
    const opened = tokens.map((token) => openStreamToken(urls.tokenSecrets, token, route, Date.now()));
    expect(new Set(opened.map((token) => token?.id)).size).toBe(600);
  });
});
