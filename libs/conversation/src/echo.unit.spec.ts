import { startEcho } from './echo';

const FRAME = 160;

function call(options?: { delayMs?: number }) {
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
  return { played, line, echo: startEcho(options)(line, {} as never) };
}

const SAID = Array.from({ length: 8000 }, (_, index) => index % 1000);

describe('the echo', () => {
  it.each([
    ['400 ms, where nothing else is asked for', undefined, 400],
    ['nothing, where no delay is asked for', { delayMs: 0 }, 20],
    ['as much as is asked for', { delayMs: 110 }, 120],
  ])('plays everything back in its order, after it has kept %s', (_title, options, fromMs) => {
    const { played, line, echo } = call(options);
    // the same memory each time, as the gateway has it
    const frame = new Int16Array(FRAME);
    for (let end = FRAME; end <= SAID.length; end += FRAME) {
      frame.set(SAID.slice(end - FRAME, end));
      echo.heard(frame);
      expect(played.length).toBe(end < fromMs * 8 ? 0 : end);
    }
    expect(played).toEqual(SAID);
    expect([line.mark, line.clear, line.hangUp].every((action) => action.mock.calls.length === 0)).toBe(true);
  });

  it('gives each frame on as it came, without a delay', () => {
    const { line, echo } = call({ delayMs: 0 });
    const play = jest.spyOn(line, 'play');
    const frame = new Int16Array(FRAME);
    echo.heard(frame);
    expect(play.mock.calls).toEqual([[frame]]);
    expect(play.mock.calls[0]?.[0]).toBe(frame);
  });
});
