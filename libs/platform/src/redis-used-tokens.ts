import { randomUUID } from 'node:crypto';
import { usedTokenKey } from '@greenroom/contracts';
import type { Redis } from 'ioredis';

/**
 * Between two questions: one costs the processor more than a handshake, and no caller notices so short a wait, which only
 * those have that come while others do.
 */
const SPACING_MS = 20;

/**
 * Which stream tokens were used. While Redis is away each process knows of its own: a token that is used again elsewhere
 * meets the claim, which one connection can win, and the end of the call, after which nobody can.
 */
export class RedisUsedTokens {
  private readonly own = new Map<string, number>();
  /** what its tokens are marked with */
  private readonly user = randomUUID();
  private asked: { id: string; resolve: (used: boolean) => void }[] = [];
  /** somebody is asked about these soon, or has been a moment ago */
  private gathering = false;

  /** @param withinMs how long Redis is waited for */
  constructor(
    private readonly redis: Redis,
    private readonly options: { environment: string; withinMs: number; now: () => number },
  ) {}

  /** True for the first use, and never again. Never rejects. */
  async use(id: string, expiresAt: number): Promise<boolean> {
    const now = this.options.now();
    this.forgetExpired(now);
    if (this.own.has(id)) return false;
    this.own.set(id, expiresAt);
    const ttlMs = Math.max(1000, expiresAt - now);
    return this.ask(() => this.mark(this.nameOf(id), ttlMs), true);
  }

  /**
   * A link that is lost takes along the answer to what was done, and the client asks again over the next one: a mark that is
   * ours already is that of this very use, since `own` lets no other come so far.
   */
  private async mark(name: string, ttlMs: number): Promise<boolean> {
    const marked = await this.redis.set(name, this.user, 'PX', ttlMs, 'NX');
    return marked === 'OK' || (await this.redis.get(name)) === this.user;
  }

  /** A lone one is asked about at once, many that come close together in one command. Never rejects. */
  wasUsed(id: string): Promise<boolean> {
    if (this.own.has(id)) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.asked.push({ id, resolve });
      if (this.gathering) return;
      this.gathering = true;
      setImmediate(() => this.askSpaced());
    });
  }

  private askSpaced(): void {
    this.gathering = this.asked.length > 0;
    if (!this.gathering) return;
    setTimeout(() => this.askSpaced(), SPACING_MS);
    void this.askAll();
  }

  private async askAll(): Promise<void> {
    const asked = this.asked;
    this.asked = [];
    const values = await this.ask(() => this.redis.mget(asked.map(({ id }) => this.nameOf(id))), []);
    asked.forEach(({ resolve }, index) => resolve((values[index] ?? null) !== null));
  }

  /** Tokens are used in about the order in which they expire: behind one that is good there is little to forget. */
  private forgetExpired(now: number): void {
    for (const [known, until] of this.own) {
      if (until > now) return;
      this.own.delete(known);
    }
  }

  private async ask<Answer>(question: () => Promise<Answer>, otherwise: Answer): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => resolve(otherwise), this.options.withinMs);
    });
    const answer = question().catch(() => otherwise);
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  private nameOf(id: string): string {
    return usedTokenKey(this.options.environment, id);
  }
}
