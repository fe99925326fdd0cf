import { keyString, type Announcement, type CallKey, type Session } from '@greenroom/contracts';
import type { SessionPublisher } from '../ports';
import type { Journal } from './journal';
import type { RemoteStore } from './remote-store';
import type { Timeline } from './timeline';

export interface WebhookPlan {
  /** virtual ms */
  at: number;
  /** the process dies right after its last commit, before it tells anybody */
  dies: boolean;
  /** ms after which the CRM has answered; null: the session is ready at once */
  crmMs: number | null;
  /** a session is put into the cache although the CRM has still to be asked, as another version might do */
  early?: boolean;
}

export interface RelayPlan {
  intervalMs: number;
  /** younger rows are most likely being told by the process that wrote them */
  minAgeMs: number;
}

type CrmPlan = Pick<WebhookPlan, 'crmMs' | 'dies'>;

const AT_ONCE: CrmPlan = { crmMs: null, dies: false };
const RETRY_MS = 500;

/** The webhook service and its worker: writes, then tells; the relay tells what was left untold. */
export class Ingest {
  private readonly asked = new Set<string>();
  private relaying = false;

  constructor(
    private readonly timeline: Timeline,
    private readonly store: RemoteStore,
    private readonly publisher: SessionPublisher,
    private readonly journal: Journal,
    relay: RelayPlan | null,
  ) {
    if (relay) store.onOwed = () => void this.relay(relay);
  }

  async webhook(key: CallKey, plan: WebhookPlan): Promise<void> {
    const pending = plan.crmMs !== null;
    try {
      const { session, changed } = await this.store.announce(announcementOf(key), { pending });
      if (!changed) return;
      if (pending && plan.early) await this.publisher.publish(session);
      if (plan.dies && !pending) return this.journal.note('publisher died');
      await this.tell(session, plan);
    } catch {
      this.journal.note('webhook failed');
    }
  }

  async callEnded(key: CallKey): Promise<void> {
    await this.store
      .callEnded({ key, reason: 'completed', endedAt: null, durationMs: null, source: 'status-callback' }, {})
      .catch(() => undefined);
  }

  /** A pending session owes the job that asks the CRM, any other its event. */
  private async tell(session: Session, plan: CrmPlan = AT_ONCE): Promise<void> {
    if (session.enrichment === 'pending') void this.enrich(session, plan);
    else await this.publisher.publish(session);
    this.store.pay(session);
  }

  /** One job a call, tried until the store takes its answer. */
  private async enrich(key: CallKey, { crmMs, dies }: CrmPlan): Promise<void> {
    const id = keyString(key);
    if (this.asked.has(id)) return;
    this.asked.add(id);
    await this.timeline.sleep(crmMs ?? 0);
    for (;;) {
      try {
        const enriched = await this.store.enrich(key, { fullName: 'From the CRM', attributes: {} });
        if (enriched && dies) this.journal.note('publisher died');
        else if (enriched) await this.tell(enriched);
        return;
      } catch {
        await this.timeline.sleep(RETRY_MS);
      }
    }
  }

  private async relay({ minAgeMs, intervalMs }: RelayPlan): Promise<void> {
    if (this.relaying) return;
    this.relaying = true;
    while (this.store.outbox.size > 0) {
      await this.timeline.sleep(intervalMs);
      for (const { key, at } of this.store.outbox.values())
        if (at + minAgeMs <= this.timeline.now()) await this.relayOne(key);
    }
    this.relaying = false;
  }

  private async relayOne(key: CallKey): Promise<void> {
    const session = this.store.row(key)?.session;
    if (!session) return;
    try {
      await this.tell(session);
      this.journal.note('relay told');
    } catch {
      this.journal.note('relay failed');
    }
  }
}

/** Each account's caller has one number, so that all calls of an account belong to one customer. */
export const announcementOf = ({ provider, account, callId }: CallKey): Announcement => ({
  provider,
  account,
  callId,
  direction: 'inbound',
  from: '+919000000001',
  to: null,
  customer: { phone: '+919000000001', fullName: 'Asha Rao', language: null, attributes: {} },
  attributes: {},
});
