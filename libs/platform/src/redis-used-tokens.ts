import { usedTokenKey } from '@greenroom/contracts';
import type { Redis } from 'ioredis';

/**
 * Which stream tokens were used. While Redis is away each process knows of its own: a token that is used again elsewhere
 * meets the claim, which one connection can win, and the end of the call, after which nobody can.
 */
export class RedisUsedTokens {
  private readonly own = new Map<string, number>();

  /** @param withinMs how long Redis is waited for */
  constructor(
    private readonly redis: Redis,
    private readonly options: { environment: string; withinMs: number; now: () => number },
  ) {}

  /** True for the first use, and never again. Never rejects. */
  async use(id: string, expiresAt: number): Promise<boolean> {
    const now = this.options.now();
    for (const [known, until] of this.own) if (until <= now) this.own.delete(known);
    if (this.own.has(id)) return false;
    this.own.set(id, expiresAt);
    const ttlMs = Math.max(1000, expiresAt - now);
    return this.ask(
      async () => (await this.redis.set(this.nameOf(id), '1', 'PX', ttlMs, 'NX')) === 'OK',
      true,
    );
  }

  /** Never rejects. */
  wasUsed(id: string): Promise<boolean> {
    if (this.own.has(id)) return Promise.resolve(true);
    return this.ask(async () => (await this.redis.exists(this.nameOf(id))) === 1, false);
  }

  private async ask(question: () => Promise<boolean>, otherwise: boolean): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(otherwise), this.options.withinMs);
    });
    const answer = question().catch(() => otherwise);
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  private nameOf(id: string): string {
    return usedTokenKey(this.options.environment, id);
  }
}
