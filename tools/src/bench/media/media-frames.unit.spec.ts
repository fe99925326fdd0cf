import { mediaAdapters } from '@greenroom/telephony';
import { headerBytes, maskAt } from './client-frames';
import { COUNTS, FRAME_BYTES, readCounter } from './frame-counter';
import { connectedMessage, markMessage, MediaFrames, startMessage } from './media-frames';

const SID = 'MZ00000000000000000000000000000001';
const CALL_SID = 'CA00000000000000000000000000000001';
const SILENCE = Buffer.from(Buffer.alloc(FRAME_BYTES, 0xff).toString('base64'));
const VOICE = Buffer.from(Buffer.alloc(FRAME_BYTES, 0x2a).toString('base64'));

function textOf(frame: Buffer): string {
  const masked = frame.subarray(headerBytes(frame.length));
  return Buffer.from(masked.map((byte, at) => byte ^ maskAt(at))).toString();
}

describe('media messages', () => {
  it('are those of Twilio, one after another, however long their numbers become', () => {
    const frames = new MediaFrames(SID, SILENCE);
    for (let chunk = 1; chunk <= 1200; chunk++) {
      expect(JSON.parse(textOf(frames.next()))).toEqual({
        ...{ event: 'media', sequenceNumber: `${chunk + 1}`, streamSid: SID },
        media: {
          ...{ track: 'inbound', chunk: `${chunk}`, timestamp: `${(chunk - 1) * 20}` },
          payload: SILENCE.toString(),
        },
      });
    }
  });

  it('are written in the same memory', () => {
    const frames = new MediaFrames(SID, SILENCE);
    const [, , third, fourth] = [frames.next(), frames.next(), frames.next(), frames.next()];
    // numbers of as many digits
    expect(fourth === third).toBe(true);
  });

  it('say what they are told to, from the first one on', () => {
    const frames = new MediaFrames(SID, SILENCE);
    frames.say(VOICE);
    const said = (): unknown => (JSON.parse(textOf(frames.next())) as { media: object }).media;
    expect(said()).toMatchObject({ payload: VOICE.toString() });
    frames.say(SILENCE);
    expect(said()).toMatchObject({ payload: SILENCE.toString() });
  });

  it('have numbers in their audio, where that is asked for', () => {
    const frames = new MediaFrames(SID, VOICE);
    for (const counter of [0, 1, 77, COUNTS - 1]) {
      const { media } = JSON.parse(textOf(frames.next(counter))) as { media: { payload: string } };
      expect(media.payload).toHaveLength(VOICE.length);
      expect(readCounter(Buffer.from(media.payload), 0, 0)).toBe(counter);
    }
  });
});

it('all messages are understood by whoever understands Twilio', () => {
  const codec = mediaAdapters.twilio.open();
  const media = textOf(new MediaFrames(SID, VOICE).next());
  const messages = [connectedMessage(), startMessage(CALL_SID, SID), media, markMessage('end', SID)];
  expect(messages.map((message) => codec.decode(message))).toMatchObject([
    { kind: 'connected' },
    { kind: 'start', start: { callId: CALL_SID, streamId: SID } },
    { kind: 'audio', sequence: 2, timestampMs: 0 },
    { kind: 'mark', name: 'end' },
  ]);
});
