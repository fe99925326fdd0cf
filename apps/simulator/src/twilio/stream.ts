import { readMessage } from '../from-greenroom';
import type { FromGreenroom, ProviderCall, Quirks, StreamMessages, WireMessage } from '../provider-side';
import type { StreamPlace } from '../stream-place';
import { ACCOUNT_SID } from './webhook';

/** Twilio's side of Media Streams: text messages, camelCase, mu-law in base64, and every number a string. */
export class TwilioMessages implements StreamMessages {
  private sequence = 0;
  private chunk = 0;

  constructor(
    private readonly call: ProviderCall,
    private readonly place: StreamPlace,
    private readonly quirks: Quirks,
  ) {}

  opening(): string[] {
    const start = {
      accountSid: ACCOUNT_SID,
      streamSid: this.call.streamId,
      callSid: this.call.callId,
      ...(!this.call.bare && { tracks: ['inbound'] }),
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      ...(!this.call.bare && { customParameters: this.place.parameters }),
    };
    const connected = { event: 'connected', protocol: 'Call', version: '1.0.0' };
    return [JSON.stringify(connected), this.numbered('start', { start })];
  }

  media(frame: Uint8Array): string {
    const timestamp = String(this.chunk * this.quirks.audio.frameMs);
    this.chunk += 1;
    const payload = Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString('base64');
    return this.numbered('media', {
      media: { track: 'inbound', chunk: String(this.chunk), timestamp, payload },
    });
  }

  dtmf(digit: string): string {
    return this.numbered('dtmf', { dtmf: { track: 'inbound_track', digit } });
  }

  mark(name: string): string {
    return this.numbered('mark', { mark: { name } });
  }

  /** The marks that come back are all the answer that there is. */
  cleared(): null {
    return null;
  }

  stop(): string {
    return this.numbered('stop', { stop: { accountSid: ACCOUNT_SID, callSid: this.call.callId } });
  }

  read(message: WireMessage): FromGreenroom {
    return readMessage(message, { streamKey: 'streamSid', streamId: this.call.streamId });
  }

  private numbered(event: string, body: object): string {
    this.sequence += 1;
    return JSON.stringify({
      event,
      sequenceNumber: String(this.sequence),
      ...body,
      streamSid: this.call.streamId,
    });
  }
}
