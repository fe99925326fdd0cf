import { PROVIDERS } from '@greenroom/contracts';
import { mediaAdapters, webhookAdapters } from './index';

describe('the adapters', () => {
  it.each(PROVIDERS)('of %s are those of that provider', (provider) => {
    expect(webhookAdapters[provider].provider).toBe(provider);
    expect(mediaAdapters[provider].provider).toBe(provider);
  });
});
