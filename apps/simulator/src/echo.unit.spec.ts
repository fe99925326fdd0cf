import { EchoListener } from './echo';
import { toneSequence } from './tones';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('the echo', () => {
  it.each([
    ['in one piece', ['hello']],
    ['in many pieces', ['h', 'el', 'l', 'o']],
    ['between other sounds', ['...hel', 'lo...']],
    ['behind a beginning that broke off', ['hel', 'hello']],
    ['behind one that ends like it begins', ['hehehello']],
  ])('is recognised %s', (_how, pieces) => {
    const echo = new EchoListener(bytes('hello'));
    for (const piece of pieces) echo.hear(bytes(piece));
    expect(echo.complete).toBe(true);
  });

  it.each([
    ['with a gap', ['hel', '..', 'lo']],
    ['with a byte missing', ['helo']],
    ['with a byte changed', ['hellO']],
    ['cut short', ['hell']],
    ['out of order', ['lo', 'hel']],
  ])('is not taken for whole %s', (_how, pieces) => {
    const echo = new EchoListener(bytes('hello'));
    for (const piece of pieces) echo.hear(bytes(piece));
    expect(echo.complete).toBe(false);
  });

  it('says how much of it came in one piece at best', () => {
    const echo = new EchoListener(bytes('hello'));
    echo.hear(bytes('he.hell.h'));
    expect(echo.longestBytes).toBe(4);
  });

  it('of repeating words agrees with a plain search', () => {
    const said = bytes('ababcabab');
    for (const heard of ['ababababcabab', 'ababcababcabab', 'abababab', 'ababcababd']) {
      const echo = new EchoListener(said);
      echo.hear(bytes(heard));
      expect(echo.complete).toBe(heard.includes('ababcabab'));
    }
  });

  it('of nothing does not exist', () => {
    expect(() => new EchoListener(new Uint8Array())).toThrow(RangeError);
  });
});

describe('the tones of a call', () => {
  it('last 2 s at every rate, and are the same for the same call', () => {
    expect(toneSequence('a', 8000)).toHaveLength(16_000);
    expect(toneSequence('a', 24_000)).toHaveLength(48_000);
    expect(toneSequence('a', 8000)).toEqual(toneSequence('a', 8000));
  });

  it('are not those of another call', () => {
    expect(toneSequence('a', 8000)).not.toEqual(toneSequence('b', 8000));
  });
});
