import type { NextStep } from './provider-side';
import { elementIn, unescapeXml } from './xml';

/**
 * What an answer in XML lets the call do next: TwiML, and what Plivo and Telnyx have made of it. The first verb decides,
 * and none at all ends the call.
 */
export function readNextVerb(status: number, body: string): NextStep | null {
  const response = status >= 200 && status < 300 ? elementIn(body, 'Response') : null;
  if (!response) return null;
  const verb = /<([A-Z]\w*)\b[^>]*>/.exec(response.content)?.[1];
  if (verb === 'Dial') return { decision: 'transfer', number: dialledNumber(response.content) };
  return { decision: verb === undefined || verb === 'Hangup' ? 'hang-up' : 'continue', number: null };
}

/** As text of `<Dial>`, or in a `<Number>` within; null: it is somebody without one. */
function dialledNumber(body: string): string | null {
  const inDial = elementIn(body, 'Dial')?.content ?? '';
  const number = elementIn(inDial, 'Number')?.content ?? inDial;
  const text = unescapeXml(number).trim();
  return text === '' || text.startsWith('<') ? null : text;
}
