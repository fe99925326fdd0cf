import { startEcho } from './echo';

describe('the echo', () => {
  it('plays everything back in its order, after it has kept 400 ms', () => {
    const played: number[] = [];
    const line = {
      sampleRate: 8000,
      play: (pcm: Int16Array) => played.push(...pcm),
      mark: jest.fn(),
      clear: jest.fn(),
      hangUp: jest.fn(),
      transfer: jest.fn(),
      granularity: { inboundMs: 20, uncutMs: 20 },
    };
    const echo = startEcho(line, {} as never);
    const said = Array.from({ length: 8000 }, (_, index) => index % 1000);
    for (let start = 0; start < said.length; start += 160) {
      echo.heard(Int16Array.from(said.slice(start, start + 160)));
      expect(played.length).toBe(start + 160 < 3200 ? 0 : start + 160);
    }
    expect(played).toEqual(said);
    expect([line.mark, line.clear, line.hangUp].every((action) => action.mock.calls.length === 0)).toBe(true);
  });
});
