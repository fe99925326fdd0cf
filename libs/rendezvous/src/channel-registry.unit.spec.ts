import { ChannelRegistry, type SubscriberLink } from './channel-registry';

interface Request {
  names: readonly string[];
  acknowledge: () => void;
  fail: () => void;
}

/** A link that answers when it is told to. */
class HeldLink implements SubscriberLink {
  readonly requests: Request[] = [];
  /** in the order in which they were sent */
  readonly sent: string[] = [];

  subscribe(names: readonly string[]): Promise<void> {
    this.sent.push(...names.map((name) => `+${name}`));
    return new Promise((resolve, reject) =>
      this.requests.push({ names, acknowledge: resolve, fail: () => reject(new Error('the link was lost')) }),
    );
  }

  unsubscribe(name: string): void {
    this.sent.push(`-${name}`);
  }
}

function setUp() {
  const link = new HeldLink();
  const channels = new ChannelRegistry(link);
  const restored = jest.fn();
  channels.onRestored(restored);
  const wakes = jest.fn();
  const open = (name: string) => channels.subscribe(name, () => void wakes(name));
  return { link, channels, restored, wakes, open };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('ChannelRegistry', () => {
  it('subscribes a channel once, wakes all who wait on it, and unsubscribes after the last of them', async () => {
    const { link, channels, wakes, open } = setUp();
    const [first, second] = [open('a'), open('a')];
    link.requests[0]?.acknowledge();
    expect(await Promise.all([first.acknowledged, second.acknowledged])).toEqual([true, true]);
    channels.receive('a', null);
    channels.receive('b', null);
    expect(wakes.mock.calls).toEqual([['a'], ['a']]);
    first.close();
    expect(link.sent).toEqual(['+a']);
    second.close();
    second.close();
    expect(link.sent).toEqual(['+a', '-a']);
    expect(channels.size).toBe(0);
  });

  it('does not hide a link that is down, and tries again when it is there', async () => {
    const { link, channels, restored, open } = setUp();
    const waiting = open('a');
    link.requests[0]?.fail();
    expect(await waiting.acknowledged).toBe(false);
    void channels.restore();
    link.requests[1]?.acknowledge();
    await settled();
    expect(link.sent).toEqual(['+a', '+a']);
    expect(restored).toHaveBeenCalledTimes(1);
  });

  it('calls the listeners only when every channel is subscribed anew', async () => {
    const { link, channels, restored, open } = setUp();
    for (let index = 0; index < 2500; index += 1) open(`channel-${index}`);
    link.requests.splice(0).forEach(({ acknowledge }) => acknowledge());
    void channels.restore();
    expect(link.requests.map(({ names }) => names.length)).toEqual([1000, 1000, 500]);
    link.requests[2]?.acknowledge();
    link.requests[0]?.acknowledge();
    await settled();
    expect(restored).not.toHaveBeenCalled();
    link.requests[1]?.acknowledge();
    await settled();
    expect(restored).toHaveBeenCalledTimes(1);
  });

  it('does not call the listeners when the link is lost again meanwhile', async () => {
    const { link, channels, restored, open } = setUp();
    open('a');
    void channels.restore();
    link.requests[1]?.fail();
    await settled();
    expect(restored).not.toHaveBeenCalled();
  });

  it('tells who joins while the link is being restored when the subscription is in force again', async () => {
    const { link, channels, open } = setUp();
    open('a');
    link.requests[0]?.acknowledge();
    await settled();
    void channels.restore();
    const acknowledged = jest.fn();
    void open('a').acknowledged.then(acknowledged);
    await settled();
    expect(acknowledged).not.toHaveBeenCalled();
    link.requests[1]?.acknowledge();
    await settled();
    expect(acknowledged).toHaveBeenCalledWith(true);
  });

  it('subscribes nothing that was given up while a large set was being restored', async () => {
    const { link, channels, open } = setUp();
    const all = Array.from({ length: 1500 }, (_, index) => open(`channel-${index}`));
    link.requests.splice(0).forEach(({ acknowledge }) => acknowledge());
    link.sent.length = 0;
    void channels.restore();
    all[1400]?.close();
    for (let round = 0; round < 2; round += 1) {
      link.requests.splice(0).forEach(({ acknowledge }) => acknowledge());
      await settled();
    }
    expect(link.sent.filter((each) => each.endsWith('channel-1400')).at(-1)).toBe('-channel-1400');
  });

  it('gives back a subscription that was granted after nobody waited for it any more', async () => {
    const { link, open } = setUp();
    open('a').close();
    // the client sends both again over its next link, or only the first
    link.requests[0]?.acknowledge();
    await settled();
    expect(link.sent).toEqual(['+a', '-a', '-a']);
  });
});
