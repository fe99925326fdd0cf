import { brokenRules } from '../broken-rules';
import type { StreamPlace } from '../stream-place';
import { attribute, elementIn, unescapeXml } from '../xml';

/* plivo.com/docs/voice/xml/audiostream, and /redirect */

const MAX_URL = 2048;
const MAX_EXTRA_HEADERS = 512;

/** Plivo takes the stream's URL from the text of `<Stream>`. */
export function readStreamXml(body: string): StreamPlace | null {
  const stream = elementIn(elementIn(body, 'Response')?.content ?? '', 'Stream');
  const url = unescapeXml(stream?.content ?? '').trim();
  if (!stream || !URL.canParse(url)) return null;
  const of = (name: string): string => attribute(stream.attributes, name) ?? '';
  const pairs = of('extraHeaders')
    .split(/[,;]/)
    .filter((pair) => pair.includes('='));
  return {
    url,
    parameters: Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s, 2) as [string, string])),
    statusUrl: of('statusCallbackUrl') || null,
    wrong: wrongOf(url, of),
  };
}

const wrongOf = (url: string, of: (name: string) => string): string[] =>
  brokenRules([
    [of('bidirectional') === 'true', 'the stream is not bidirectional: nothing could be said on it'],
    [of('keepCallAlive') === 'true', 'keepCallAlive is not set: the call would go on at once'],
    [of('contentType') === 'audio/x-mulaw;rate=8000', `the stream’s contentType is "${of('contentType')}"`],
    [url.length <= MAX_URL, `the stream’s URL has ${url.length} characters, the most is ${MAX_URL}`],
    [Buffer.byteLength(of('extraHeaders')) <= MAX_EXTRA_HEADERS, 'extraHeaders has more than 512 bytes'],
    [/^[A-Za-z0-9=,;]*$/.test(of('extraHeaders')), 'extraHeaders has more than letters and digits'],
  ]);

/** Where the call goes on behind its stream; null: it ends there. */
export function redirectUrl(body: string): string | null {
  const url = unescapeXml(elementIn(body, 'Redirect')?.content ?? '').trim();
  return URL.canParse(url) ? url : null;
}
