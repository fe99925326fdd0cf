import { readConnectVerb } from '../connect-verb';
import type { StreamPlace } from '../stream-place';

/** Twilio drops the query of a stream's URL. */
export function readTwiml(body: string): StreamPlace | null {
  const stream = readConnectVerb(body);
  if (!stream) return null;
  const { url, parameters, statusUrl } = stream;
  return { url: url.replace(/\?.*$/, ''), parameters, statusUrl };
}
