import { CallKeySchema, type CallKey, type Session, type Turn } from '@greenroom/contracts';
import type { DataSource } from 'typeorm';
import { CallEventEntity } from './call-event.entity';
import { CallSessionEntity } from './call-session.entity';
import { CallTurnEntity } from './call-turn.entity';

/** A call as an operator looks at it: who, how it went, its timeline, and what was said. */
export interface CallRecord {
  session: Session;
  call: {
    outcome: string | null;
    found: string | null;
    waitedMs: number | null;
    closeCode: number | null;
    nextStep: string | null;
    /** why, when and after how many ms the call itself was over, by its provider; null: it has not said so */
    endReason: string | null;
    callEndedAt: Date | null;
    callMs: number | null;
    startedAt: Date | null;
    endedAt: Date | null;
  };
  events: { at: Date; type: string; data: Record<string, unknown> }[];
  /** by number; of a call that has more, the first 1000 */
  turns: Turn[];
}

const MOST = 1000;

export class CallRecords {
  constructor(private readonly dataSource: DataSource) {}

  async read(key: CallKey): Promise<CallRecord | null> {
    const { provider, account, callId } = CallKeySchema.parse(key);
    const row = await this.dataSource
      .getRepository(CallSessionEntity)
      .findOne({ where: { provider, account, callId }, relations: { customer: true } });
    if (!row) return null;
    const events = await this.dataSource
      .getRepository(CallEventEntity)
      .find({ where: { session: { id: row.id } }, order: { id: 'ASC' }, take: MOST });
    const turns = await this.dataSource
      .getRepository(CallTurnEntity)
      .find({ where: { sessionId: row.id }, order: { number: 'ASC' }, take: MOST });
    return {
      session: sessionOf(row),
      call: {
        outcome: row.outcome,
        found: row.found,
        waitedMs: row.waitedMs,
        closeCode: row.closeCode,
        nextStep: row.nextStep,
        endReason: row.endReason,
        callEndedAt: row.callEndedAt,
        callMs: row.callMs,
        startedAt: row.startedAt,
        endedAt: row.endedAt,
      },
      events: events.map(({ at, type, data }) => ({ at, type, data })),
      turns: turns.map(turnOf),
    };
  }
}

function sessionOf(row: CallSessionEntity): Session {
  const {
    id,
    customer,
    provider,
    account,
    callId,
    state,
    version,
    direction,
    from,
    to,
    attributes,
    enrichment,
  } = row;
  return {
    sessionId: id,
    provider,
    account,
    callId,
    state,
    version,
    direction,
    from,
    to,
    attributes,
    enrichment,
    announcedAt: row.announcedAt?.getTime() ?? null,
    customer: customer && {
      customerId: customer.id,
      phone: customer.phone,
      fullName: customer.fullName,
      language: customer.language,
      attributes: customer.attributes,
    },
  };
}

const turnOf = (row: CallTurnEntity): Turn => ({
  number: row.number,
  who: row.who,
  startedAt: row.startedAt.getTime(),
  endedAt: row.endedAt.getTime(),
  endedBy: row.endedBy,
  text: row.text,
  digits: row.digits,
  lengthMs: row.lengthMs,
  heardMs: row.heardMs,
  heardText: row.heardText,
  speechMs: row.speechMs,
  step: row.step,
});
