import { LiveStreams } from './live-streams';
import type { MediaConnection } from './media-connection';

/** A stream that ends when it is told to. */
function streamOf(bytes = 0) {
  const closed: string[] = [];
  let end!: () => void;
  const answered = new Promise<void>((resolve) => (end = resolve));
  const connection = {
    buffer: bytes > 0 ? { bytes } : null,
    close: (why: string) => {
      closed.push(why);
      end();
    },
  } as unknown as MediaConnection;
  return { connection, answered, end, closed };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('live streams', () => {
  it('are unstarted until they begin, and there until they were answered', async () => {
    const streams = new LiveStreams();
    const [one, other] = [streamOf(100), streamOf()];
    for (const { connection } of [one, other]) streams.add(connection);
    expect([streams.size, streams.unstarted, streams.bufferedBytes]).toEqual([2, 2, 100]);
    streams.begin(one.connection, one.answered);
    streams.begin(other.connection, null);
    expect([streams.size, streams.unstarted]).toEqual([1, 0]);
    one.end();
    await turns();
    expect([streams.size, streams.bufferedBytes]).toEqual([0, 0]);
  });

  it('drain at once where there are none', async () => {
    const streams = new LiveStreams();
    await streams.drain(60_000);
    expect(streams.draining).toBe(true);
  });

  it('drain when the last of them has ended, started or not', async () => {
    const streams = new LiveStreams();
    const [one, other] = [streamOf(), streamOf()];
    for (const { connection } of [one, other]) streams.add(connection);
    streams.begin(one.connection, one.answered);
    let drained = false;
    const draining = streams.drain(60_000).then(() => (drained = true));
    one.end();
    await turns();
    expect(drained).toBe(false);
    streams.begin(other.connection, null);
    await draining;
    expect([one.closed, other.closed]).toEqual([[], []]);
  });

  it('are told that we go away when the time is over, also those that come in late', async () => {
    const streams = new LiveStreams();
    const [one, late] = [streamOf(), streamOf()];
    streams.add(one.connection);
    streams.begin(one.connection, one.answered);
    await streams.drain(0);
    expect(one.closed).toEqual(['goingAway']);
    streams.add(late.connection);
    expect(late.closed).toEqual(['goingAway']);
  });
});
