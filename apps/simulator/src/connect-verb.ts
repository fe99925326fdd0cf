import { attribute, elementIn } from './xml';

/** `<Connect><Stream>` of an answer: TwiML, and Telnyx's TeXML after it. */
export interface ConnectedStream {
  url: string;
  /** those of `<Stream>` */
  attributes: string;
  parameters: Record<string, string>;
  statusUrl: string | null;
}

/** The first `<Stream>` inside `<Connect>`; null: the answer names none. */
export function readConnectVerb(body: string): ConnectedStream | null {
  const stream = elementIn(elementIn(body, 'Connect')?.content ?? '', 'Stream');
  const url = stream && attribute(stream.attributes, 'url');
  if (!url || !URL.canParse(url)) return null;
  const parameters = [...stream.content.matchAll(/<Parameter\b([^>]*)>/g)].map(([, attributes]) => [
    attribute(attributes, 'name') ?? '',
    attribute(attributes, 'value') ?? '',
  ]);
  return {
    url,
    attributes: stream.attributes,
    parameters: Object.fromEntries(parameters) as Record<string, string>,
    statusUrl: attribute(stream.attributes, 'statusCallback'),
  };
}

/** The URL that is asked when the stream in `<Connect>` has ended; null: none. */
export function connectAction(body: string): string | null {
  const url = attribute(elementIn(body, 'Connect')?.attributes, 'action');
  return url !== null && URL.canParse(url) ? url : null;
}
