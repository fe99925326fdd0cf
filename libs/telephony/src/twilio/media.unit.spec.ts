import { twilioMedia } from './media';

const decode = (message: object) => twilioMedia.open().decode(JSON.stringify(message));
const ids = {
  streamSid: 'MZ00000000000000000000000000000001',
  callSid: 'CA00000000000000000000000000000001',
};
const started = (more: object) => decode({ event: 'start', start: { ...ids, ...more } });

describe('the start of a Twilio stream', () => {
  it.each([
    [undefined],
    [{ encoding: 'audio/x-mulaw' }],
    [{ encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 }],
    [{ encoding: 'audio/x-mulaw', sampleRate: '8000', channels: '1' }],
  ])('is taken with the format %j', (mediaFormat) => {
    expect(started({ mediaFormat })).toMatchObject({
      start: { format: { encoding: 'mulaw', sampleRate: 8000 } },
    });
  });

  it.each([
    [{}, 'start: mediaFormat.encoding: only audio/x-mulaw'],
    [{ encoding: 'audio/l16' }, 'start: mediaFormat.encoding: only audio/x-mulaw'],
    [{ encoding: 'audio/x-mulaw', sampleRate: 16000 }, 'start: mediaFormat.sampleRate: only 8000'],
    [{ encoding: 'audio/x-mulaw', channels: 2 }, 'start: mediaFormat.channels: only 1'],
  ])('is malformed with the format %j', (mediaFormat, reason) => {
    expect(started({ mediaFormat })).toEqual({ kind: 'malformed', reason });
  });

  it('needs a stream id, in itself or at the top level', () => {
    expect(started({ streamSid: null })).toEqual({ kind: 'malformed', reason: 'start: streamSid: missing' });
    const top = { event: 'start', streamSid: ids.streamSid, start: { callSid: ids.callSid } };
    expect(decode(top)).toMatchObject({ start: { streamId: ids.streamSid } });
  });
});

describe('the messages of a Twilio stream', () => {
  it.each([
    ['inbound', 'audio'],
    [undefined, 'audio'],
    ['outbound', 'ignored'],
    ['both', 'ignored'],
  ])('on the track %j are %s', (track, kind) => {
    expect(decode({ event: 'media', media: { track, payload: '/////w==' } }).kind).toBe(kind);
  });

  it('go to the stream that started first', () => {
    const codec = twilioMedia.open();
    codec.decode(JSON.stringify({ event: 'start', start: ids }));
    codec.decode(JSON.stringify({ event: 'start', start: { ...ids, streamSid: 'other' } }));
    expect(codec.encodeMark('a')).toBe(`{"event":"mark","streamSid":"${ids.streamSid}","mark":{"name":"a"}}`);
  });
});
