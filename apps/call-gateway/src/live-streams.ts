import type { MediaConnection } from './media-connection';

/** Every open stream of this process, until the last thing about it is done. */
export class LiveStreams {
  private readonly connections = new Set<MediaConnection>();
  private readonly answering = new Set<Promise<void>>();
  private unstartedCount = 0;
  /** no further stream is taken */
  draining = false;

  add(connection: MediaConnection, answered: Promise<void>): void {
    this.connections.add(connection);
    this.unstartedCount += 1;
    void connection.started.then(() => (this.unstartedCount -= 1));
    const done = answered.finally(() => {
      this.connections.delete(connection);
      this.answering.delete(done);
    });
    this.answering.add(done);
  }

  get size(): number {
    return this.connections.size;
  }

  get unstarted(): number {
    return this.unstartedCount;
  }

  get bufferedBytes(): number {
    let bytes = 0;
    for (const { buffer } of this.connections) bytes += buffer.bytes;
    return bytes;
  }

  /** Calls go on to their own end, or for so long; what is left then is told that we go away. */
  async drain(maxMs: number): Promise<void> {
    this.draining = true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => (timer = setTimeout(resolve, maxMs)));
    await Promise.race([Promise.allSettled([...this.answering]), limit]);
    clearTimeout(timer);
    this.connections.forEach((connection) => connection.close('goingAway'));
    await Promise.allSettled([...this.answering]);
  }
}
