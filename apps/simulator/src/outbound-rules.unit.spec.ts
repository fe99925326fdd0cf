import { exotel } from './exotel/exotel';
import { readMessage } from './from-greenroom';
import { RuleKeeper } from './outbound-rules';
import { twilio } from './twilio/twilio';

describe('the rules for audio to Exotel', () => {
  it.each([
    [3200, 0],
    [3520, 2000],
    [99_840, 0],
  ])('allow %i bytes %i ms ahead', (bytes, leadMs) => {
    const rules = new RuleKeeper(exotel.rules);
    rules.checkMedia(bytes, leadMs);
    expect(rules.violations).toEqual([]);
  });

  it.each([
    [2880, 0, 'media of 2880 bytes, the least is 3200'],
    [3300, 0, 'media of 3300 bytes, not a multiple of 320'],
    [100_160, 0, 'media of 100160 bytes, the most is 100000'],
    [3200, 2001, 'media 2001 ms before its turn, the most is 2000 ms'],
  ])('forbid %i bytes %i ms ahead', (bytes, leadMs, violation) => {
    const rules = new RuleKeeper(exotel.rules);
    rules.checkMedia(bytes, leadMs);
    expect(rules.violations).toEqual([violation]);
  });

  it('tell each kind once, with how often it was broken', () => {
    const rules = new RuleKeeper(exotel.rules);
    for (const bytes of [320, 640, 960]) rules.checkMedia(bytes, 0);
    expect(rules.violations).toEqual(['media of 320 bytes, the least is 3200 (3 times)']);
  });

  it('are Exotel’s alone', () => {
    const rules = new RuleKeeper(twilio.rules);
    rules.checkMedia(161, 60_000);
    expect(rules.violations).toEqual([]);
  });
});

describe('a message from Greenroom', () => {
  const read = (message: unknown) =>
    readMessage(typeof message === 'string' ? message : JSON.stringify(message), {
      streamKey: 'stream_sid',
      streamId: 's1',
    });

  it('is media, mark or clear', () => {
    const media = read({ event: 'media', stream_sid: 's1', sequence_number: 3, media: { payload: 'AQID' } });
    expect(media).toEqual({ kind: 'media', payload: Buffer.from([1, 2, 3]) });
    expect(read({ event: 'mark', stream_sid: 's1', mark: { name: 'm' } })).toEqual({
      kind: 'mark',
      name: 'm',
    });
    expect(read({ event: 'clear', stream_sid: 's1' })).toEqual({ kind: 'clear' });
  });

  it.each([
    ['not JSON', '{'],
    ['not an object', '[]'],
    ['without an event', { stream_sid: 's1' }],
    ['for another stream', { event: 'clear', stream_sid: 's2' }],
    ['without its stream', { event: 'clear' }],
    ['of an unknown kind', { event: 'hangup', stream_sid: 's1' }],
    ['media without payload', { event: 'media', stream_sid: 's1', media: {} }],
    ['media that is not base64', { event: 'media', stream_sid: 's1', media: { payload: 'A_=x' } }],
    ['a mark without a name', { event: 'mark', stream_sid: 's1' }],
  ])('is wrong when it is %s', (_what, message) => {
    expect(read(message).kind).toBe('wrong');
  });
});
