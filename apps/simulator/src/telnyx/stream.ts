import { readMessage } from '../from-greenroom';
import type { FromGreenroom, ProviderCall, Quirks, StreamMessages, WireMessage } from '../provider-side';
import type { StreamPlace } from '../stream-place';
import { sessionIdOf, USER_ID } from './request';

/** Telnyx's side of media streaming: text messages, snake_case, and every number a string but those of the format. */
export class TelnyxMessages implements StreamMessages {
  private sequence = 0;
  private chunk = 0;

  constructor(
    private readonly call: ProviderCall,
    private readonly place: StreamPlace,
    private readonly quirks: Quirks,
  ) {}

  opening(): string[] {
    const { callId, from, to, bare } = this.call;
    const details = {
      from,
      to,
      client_state: null,
      custom_parameters: this.place.parameters,
      media_format: { encoding: 'PCMU', sample_rate: 8000, channels: 1 },
    };
    const start = {
      user_id: USER_ID,
      call_control_id: callId,
      call_session_id: sessionIdOf(this.call),
      ...(!bare && details),
    };
    const connected = JSON.stringify({ event: 'connected', version: '1.0.0' });
    return [connected, this.numbered('start', { start })];
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
    return this.numbered('dtmf', { occurred_at: new Date().toISOString(), dtmf: { digit } });
  }

  mark(name: string): string {
    return this.numbered('mark', { mark: { name } });
  }

  /** The marks that come back are all the answer that there is. */
  cleared(): null {
    return null;
  }

  stop(): string {
    return this.numbered('stop', { stop: { user_id: USER_ID, call_control_id: this.call.callId } });
  }

  /** What comes names neither stream nor number. */
  read(message: WireMessage): FromGreenroom {
    return readMessage(message, { streamKey: null, streamId: this.call.streamId });
  }

  private numbered(event: string, body: object): string {
    this.sequence += 1;
    return JSON.stringify({
      event,
      sequence_number: String(this.sequence),
      ...body,
      stream_id: this.call.streamId,
    });
  }
}
