import { mediaAdapters, mulawFromPcm, mulawToPcm } from '@greenroom/telephony';
import { BARE_MODES, bareEcho, type BareEcho } from './bare-echo';
import { FRAME_BYTES } from './frame-counter';
import { connectedMessage, startMessage } from './media-frames';
import { mulawOf, SAMPLES } from './mu-law';

const SID = 'MZ1';
const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

it('a bare server decodes and encodes to the same bits as ours', () => {
  expect(SAMPLES).toEqual(mulawToPcm(ALL_BYTES));
  const samples = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);
  expect(Uint8Array.from(samples, mulawOf)).toEqual(mulawFromPcm(samples));
});

const frameOf = (number: number): Buffer => Buffer.alloc(FRAME_BYTES, 0x80 + number);

const mediaOf = (number: number): Buffer => {
  const media = { track: 'inbound', chunk: '1', payload: frameOf(number).toString('base64') };
  return Buffer.from(JSON.stringify({ event: 'media', sequenceNumber: '2', media, streamSid: SID }));
};

function started(echo: BareEcho): BareEcho {
  for (const message of [connectedMessage(), startMessage('CA1', SID)])
    expect(echo(Buffer.from(message))).toBeNull();
  return echo;
}

const audioIn = (replies: readonly (string | null)[]): Buffer[] =>
  replies
    .filter((reply) => reply !== null)
    .map((reply) => {
      const { event, streamSid, media } = JSON.parse(reply) as {
        [name: string]: unknown;
        media: { payload: string };
      };
      expect([event, streamSid]).toEqual(['media', SID]);
      return Buffer.from(media.payload, 'base64');
    });

describe.each(BARE_MODES)('a bare server, %s', (mode) => {
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8];

  it('says back what it hears', () => {
    const echo = started(bareEcho(mode));
    const audio = audioIn(numbers.map((number) => echo(mediaOf(number))));
    expect(Buffer.concat(audio)).toEqual(Buffer.concat(numbers.map(frameOf)));
    expect(audio).toHaveLength(mode === 'slice-80ms' ? 2 : 8);
  });

  it('keeps streams apart', () => {
    const [one, other] = [started(bareEcho(mode)), started(bareEcho(mode))];
    const replies = numbers.map((number) => [one(mediaOf(number)), other(mediaOf(number + 10))]);
    expect(Buffer.concat(audioIn(replies.map(([reply]) => reply ?? null)))).toEqual(
      Buffer.concat(numbers.map(frameOf)),
    );
  });

  it('understands messages in another order', () => {
    const echo = started(bareEcho(mode));
    const other = (number: number): Buffer =>
      Buffer.from(JSON.stringify({ streamSid: SID, ...JSON.parse(mediaOf(number).toString()) }));
    const audio = audioIn(numbers.map((number) => echo(other(number))));
    expect(Buffer.concat(audio)).toEqual(Buffer.concat(numbers.map(frameOf)));
  });
});

it('what a sparing server sends is read by whoever reads Twilio’s', () => {
  const echo = started(bareEcho('slice'));
  const codec = mediaAdapters.twilio.open();
  expect(codec.decode(echo(mediaOf(3)) ?? '')).toMatchObject({ kind: 'audio' });
});
