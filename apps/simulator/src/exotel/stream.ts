import { readMessage } from '../from-greenroom';
import type { FromGreenroom, ProviderCall, Quirks, StreamMessages, WireMessage } from '../provider-side';
import type { StreamPlace } from '../stream-place';

/** Exotel's account id is not the account's name in our URLs, and nobody may take it for one. */
const ACCOUNT_SID = 'exampleacct1';
/** ms; what Exotel reports for an ordinary key press */
const DTMF_DURATION_MS = '100';

/** Exotel's side of the Voicebot stream: text messages, snake_case, PCM in base64. */
export class ExotelMessages implements StreamMessages {
  private sequence = 0;
  private chunk = 0;

  constructor(
    private readonly call: ProviderCall,
    private readonly place: StreamPlace,
    private readonly quirks: Quirks,
  ) {}

  opening(): string[] {
    const { callId, streamId, from, to, bare } = this.call;
    const { parameters } = this.place;
    const { mediaFormat, audio } = this.quirks;
    const start = {
      stream_sid: streamId,
      call_sid: callId,
      account_sid: ACCOUNT_SID,
      from,
      to,
      ...(Object.keys(parameters).length > 0 && !bare && { custom_parameters: parameters }),
      media_format: {
        encoding: mediaFormat,
        sample_rate: String(audio.sampleRate),
        // the audio is the same in all three: these words do not describe it
        bit_rate: mediaFormat === 'base64' ? '128' : '16',
      },
    };
    return [JSON.stringify({ event: 'connected' }), this.numbered('start', { start })];
  }

  media(frame: Uint8Array): string {
    const timestamp = String(this.chunk * this.quirks.audio.frameMs);
    this.chunk += 1;
    const payload = Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString('base64');
    return this.numbered('media', { media: { chunk: this.number(this.chunk), timestamp, payload } });
  }

  dtmf(digit: string): string {
    return this.numbered('dtmf', { dtmf: { duration: DTMF_DURATION_MS, digit } });
  }

  mark(name: string): string {
    return this.numbered('mark', { mark: { name } });
  }

  /** Nothing is documented that would answer a `clear`. */
  cleared(): null {
    return null;
  }

  stop(): string {
    const stop = { call_sid: this.call.callId, account_sid: ACCOUNT_SID, reason: 'callended' };
    return this.numbered('stop', { stop });
  }

  read(message: WireMessage): FromGreenroom {
    return readMessage(message, { streamKey: 'stream_sid', streamId: this.call.streamId });
  }

  private numbered(event: string, body: object): string {
    this.sequence += 1;
    const sequence = this.number(this.sequence);
    return JSON.stringify({ event, sequence_number: sequence, stream_sid: this.call.streamId, ...body });
  }

  private number(value: number): number | string {
    return this.quirks.stringNumbers ? String(value) : value;
  }
}
