import type { MediaConnection } from './media-connection';

/** Every open stream of this process, until the last thing about it is done. */
export class LiveStreams {
  private readonly connections = new Set<MediaConnection>();
  private unstartedCount = 0;
  private emptied: (() => void)[] = [];
  private goingAway = false;
  /** no further stream is taken */
  draining = false;

  /** One that has not said yet which call it is of. */
  add(connection: MediaConnection): void {
    this.connections.add(connection);
    this.unstartedCount += 1;
    if (this.goingAway) connection.close('goingAway');
  }

  /** It has said so, and is there until it was answered; or it is gone without (null). */
  begin(connection: MediaConnection, answered: Promise<void> | null): void {
    this.unstartedCount -= 1;
    if (answered) void answered.finally(() => this.remove(connection));
    else this.remove(connection);
  }

  get size(): number {
    return this.connections.size;
  }

  get unstarted(): number {
    return this.unstartedCount;
  }

  get bufferedBytes(): number {
    let bytes = 0;
    for (const { buffer } of this.connections) bytes += buffer?.bytes ?? 0;
    return bytes;
  }

  /** Calls go on to their own end, or for so long; what is left then is told that we go away. */
  async drain(maxMs: number): Promise<void> {
    this.draining = true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, maxMs)));
    await Promise.race([this.empty(), limit]);
    clearTimeout(timer);
    this.goingAway = true;
    this.connections.forEach((connection) => connection.close('goingAway'));
    await this.empty();
  }

  private empty(): Promise<void> {
    if (this.connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.emptied.push(resolve));
  }

  private remove(connection: MediaConnection): void {
    this.connections.delete(connection);
    if (this.connections.size > 0) return;
    for (const tell of this.emptied) tell();
    this.emptied = [];
  }
}
