import type { Provider } from '@greenroom/contracts';
import { mulawFromPcm, mulawToPcm } from '@greenroom/telephony';

/** What is left of samples on the provider's line. */
export const asOn = (provider: Provider, samples: Int16Array): Int16Array =>
  provider === 'twilio' ? mulawToPcm(mulawFromPcm(samples)) : samples;

/** Where a piece stands in a recording, sample by sample, at `from` or after it; -1: nowhere. */
export function placeOf(piece: Int16Array, whole: Int16Array, from = 0): number {
  // silence at its beginning would be found everywhere
  const first = piece.findIndex((sample) => sample !== 0);
  if (first < 0) throw new RangeError('There is nothing to look for in silence.');
  for (let at = from; at + piece.length <= whole.length; at += 1) {
    if (whole[at + first] === piece[first] && isAt(piece, whole, at)) return at;
  }
  return -1;
}

const isAt = (piece: Int16Array, whole: Int16Array, at: number): boolean =>
  piece.every((sample, index) => whole[at + index] === sample);
