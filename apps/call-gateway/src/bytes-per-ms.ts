import type { AudioFormat } from '@greenroom/telephony';

export function bytesPerMs({ encoding, sampleRate }: AudioFormat): number {
  return (sampleRate * (encoding === 'mulaw' ? 1 : 2)) / 1000;
}
