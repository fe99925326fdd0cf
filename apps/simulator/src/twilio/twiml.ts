import type { NextStep, StreamPlace } from '../provider-side';

/** Twilio reads the first `<Stream>` inside `<Connect>`, and drops the query of its URL. */
export function readTwiml(body: string): StreamPlace | null {
  const connect = /<Connect\b[^>]*>([\s\S]*?)<\/Connect>/.exec(body)?.[1];
  const stream = /<Stream\b([^>]*?)(?:\/>|>([\s\S]*?)<\/Stream>)/.exec(connect ?? '');
  const url = stream && attribute(stream[1], 'url');
  if (!url || !URL.canParse(url)) return null;
  const parameters = [...(stream[2] ?? '').matchAll(/<Parameter\b([^>]*)>/g)].map(([, attributes]) => [
    attribute(attributes, 'name') ?? '',
    attribute(attributes, 'value') ?? '',
  ]);
  return {
    url: url.replace(/\?.*$/, ''),
    parameters: Object.fromEntries(parameters) as Record<string, string>,
    statusUrl: attribute(stream[1], 'statusCallback'),
  };
}

/**
 * Where the answer wants to be asked what comes after the stream. Null: nowhere, and Twilio goes on to the verb behind
 * `<Connect>`, or ends the call if there is none (twilio.com/docs/voice/twiml/connect).
 */
export function readActionUrl(body: string): string | null {
  const url = attribute(/<Connect\b([^>]*)>/.exec(body)?.[1], 'action');
  return url !== null && URL.canParse(url) ? url : null;
}

/** What an answer with TwiML lets the call do next: the first verb decides, and none at all ends the call. */
export function readNextTwiml(status: number, body: string): NextStep | null {
  if (status < 200 || status > 299 || !/<Response\b/.test(body)) return null;
  const inside = /<Response\b[^>]*>([\s\S]*)<\/Response>/.exec(body)?.[1] ?? '';
  const verb = /<([A-Z]\w*)\b[^>]*>/.exec(inside)?.[1];
  if (verb === 'Dial') return { decision: 'transfer', number: dialledNumber(inside) };
  return { decision: verb === undefined || verb === 'Hangup' ? 'hang-up' : 'continue', number: null };
}

/** As text of `<Dial>`, or in a `<Number>` within; null: it is somebody without one. */
function dialledNumber(body: string): string | null {
  const inDial = /<Dial\b[^>]*>([\s\S]*?)<\/Dial>/.exec(body)?.[1] ?? '';
  const number = /<Number\b[^>]*>([^<]*)<\/Number>/.exec(inDial)?.[1] ?? inDial;
  const text = unescapeXml(number).trim();
  return text === '' || text.startsWith('<') ? null : text;
}

function attribute(attributes: string | undefined, name: string): string | null {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes ?? '');
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? null : unescapeXml(value);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g,
    (all, decimal?: string, hex?: string, name?: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return ENTITIES[name ?? ''] ?? all;
    },
  );
}
