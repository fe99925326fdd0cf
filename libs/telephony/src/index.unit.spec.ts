import { PROVIDERS } from '@greenroom/contracts';
import { callControlAdapters, mediaAdapters, webhookAdapters } from './index';

describe('the adapters', () => {
  it.each(PROVIDERS)('of %s are those of that provider', (provider) => {
    expect(webhookAdapters[provider].provider).toBe(provider);
    expect(mediaAdapters[provider].provider).toBe(provider);
    expect(callControlAdapters[provider]?.provider ?? provider).toBe(provider);
  });

  it.each(PROVIDERS)('of %s can end a call that stays up when its stream is closed', (provider) => {
    const { closing } = mediaAdapters[provider].stream;
    const commands = callControlAdapters[provider]?.commands ?? [];
    expect(closing === 'flow-goes-on' || commands.includes('hang-up')).toBe(true);
  });

  it.each(PROVIDERS)('of %s tell nothing over REST but what there are commands for', (provider) => {
    const { commands } = webhookAdapters[provider];
    expect(commands === undefined || callControlAdapters[provider] !== undefined).toBe(true);
  });
});
