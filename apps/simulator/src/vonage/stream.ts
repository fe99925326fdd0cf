import { z } from 'zod';
import { parseJson, wrong } from '../from-greenroom';
import type { FromGreenroom, ProviderCall, Quirks, StreamMessages, WireMessage } from '../provider-side';
import type { StreamPlace } from '../stream-place';

/* developer.vonage.com voice-api websockets */

/** ms; what a key press of ordinary length has */
const DTMF_DURATION_MS = 260;

const ActionSchema = z.looseObject({ action: z.string() });
const NotifySchema = z.looseObject({ payload: z.looseObject({ name: z.string().min(1) }) });

/** Vonage's side of a WebSocket endpoint: audio as binary messages, events as text. It names neither call nor stream. */
export class VonageMessages implements StreamMessages {
  /** what `notify` said, by its name: all of it comes back */
  private readonly payloads = new Map<string, unknown>();

  constructor(
    private readonly call: ProviderCall,
    private readonly place: StreamPlace,
    private readonly quirks: Quirks,
  ) {}

  /** The headers of our answer stand beside the message's own fields. */
  opening(): string[] {
    const type = `audio/l16;rate=${this.quirks.audio.sampleRate}`;
    return [JSON.stringify({ event: 'websocket:connected', 'content-type': type, ...this.place.parameters })];
  }

  media(frame: Uint8Array): Uint8Array {
    return frame;
  }

  dtmf(digit: string): string {
    const duration = !this.call.bare && { duration: DTMF_DURATION_MS };
    return JSON.stringify({ event: 'websocket:dtmf', digit, ...duration });
  }

  mark(name: string): string {
    return JSON.stringify({ event: 'websocket:notify', payload: this.payloads.get(name) ?? { name } });
  }

  cleared(): string {
    return JSON.stringify({ event: 'websocket:cleared' });
  }

  stop(): null {
    return null;
  }

  read(wire: WireMessage): FromGreenroom {
    if (typeof wire !== 'string') return { kind: 'media', payload: wire };
    const message = ActionSchema.safeParse(parseJson(wire)).data;
    if (!message) return wrong('a message that is not a JSON object with an action');
    if (message.action === 'clear') return { kind: 'clear' };
    if (message.action !== 'notify')
      return wrong(`an action that the provider does not know: ${message.action}`);
    const payload = NotifySchema.safeParse(message).data?.payload;
    if (!payload) return wrong('a notify without a payload that has a name');
    this.payloads.set(payload.name, payload);
    return { kind: 'mark', name: payload.name };
  }
}
