import { errorFields, type Logger } from '@greenroom/platform';
import type { Claim, Ending, SessionStore } from '@greenroom/rendezvous';

/**
 * The right to drive a call. Renewed at a third of its lease, so that two renewals may fail. Once another connection
 * has it, `lost` is aborted: whoever holds this must stop speaking.
 */
export class CallClaim {
  private readonly losing = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private version: number;

  constructor(
    private readonly claim: Claim,
    version: number,
    private readonly ports: {
      store: SessionStore;
      leaseMs: number;
      logger: Logger;
      /** somebody else has written to the session, such as a webhook that came late */
      onChanged: () => void;
    },
  ) {
    this.version = version;
    this.timer = setInterval(() => void this.renew(), ports.leaseMs / 3);
  }

  get lost(): AbortSignal {
    return this.losing.signal;
  }

  get epoch(): number {
    return this.claim.epoch;
  }

  /** Ends the session, unless the claim is lost: then nothing is written. */
  async finish(ending: Ending): Promise<void> {
    clearInterval(this.timer);
    try {
      await this.ports.store.finish(this.claim, ending);
    } catch (error) {
      this.ports.logger.error(errorFields(error), 'end of the call not written');
    }
  }

  private async renew(): Promise<void> {
    try {
      const version = await this.ports.store.renew(this.claim, this.ports.leaseMs);
      if (version === null) return this.lose();
      if (version === this.version) return;
      this.version = version;
      this.ports.onChanged();
    } catch (error) {
      // nobody else can claim while the store is away either
      this.ports.logger.warn(errorFields(error), 'lease not renewed, trying again');
    }
  }

  private lose(): void {
    clearInterval(this.timer);
    this.losing.abort();
  }
}
