import type {
  CallOutcome,
  EndReason,
  Enrichment,
  Found,
  NextStep,
  Provider,
  SessionState,
} from '@greenroom/contracts';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { CustomerEntity } from './customer.entity';

/** One call, from the first webhook or stream to its end. */
@Entity('call_sessions')
@Unique('call_sessions_key', ['provider', 'account', 'callId'])
@Check('call_sessions_state', `state IN ('received', 'ready', 'timed_out', 'active', 'ended')`)
@Check('call_sessions_call_id', 'length(call_id) BETWEEN 8 AND 160')
@Index('call_sessions_leased', ['leaseUntil'], { where: 'owner IS NOT NULL' })
@Index('call_sessions_unanswered', ['createdAt'], { where: `state IN ('received', 'ready')` })
export class CallSessionEntity {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'call_sessions_pkey' })
  id!: string;

  @Column({ type: 'text' })
  provider!: Provider;

  @Column({ type: 'text' })
  account!: string;

  @Column({ type: 'text', name: 'call_id' })
  callId!: string;

  @Column({ type: 'text' })
  state!: SessionState;

  @Column({ type: 'int', default: 1 })
  version!: number;

  @Column({ type: 'text', default: 'inbound' })
  direction!: 'inbound' | 'outbound';

  @Column({ type: 'text', name: 'from_number', nullable: true })
  from!: string | null;

  @Column({ type: 'text', name: 'to_number', nullable: true })
  to!: string | null;

  @ManyToOne(() => CustomerEntity, { nullable: true })
  @JoinColumn({ name: 'customer_id', foreignKeyConstraintName: 'call_sessions_customer' })
  customer!: CustomerEntity | null;

  @Column({ type: 'jsonb', default: {} })
  attributes!: Record<string, string>;

  @Column({ type: 'text', default: 'none' })
  enrichment!: Enrichment;

  @Column({ type: 'timestamptz', name: 'announced_at', nullable: true })
  announcedAt!: Date | null;

  /** the connection that drives the call */
  @Column({ type: 'text', nullable: true })
  owner!: string | null;

  /** grows with each owner; a write that carries an older one changes nothing */
  @Column({ type: 'int', default: 0 })
  epoch!: number;

  @Column({ type: 'timestamptz', name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  /** the owner has heard nothing of its caller for a while: another connection may take over before the lease ends */
  @Column({ type: 'boolean', default: false })
  yielding!: boolean;

  @Column({ type: 'text', nullable: true })
  found!: Found | null;

  @Column({ type: 'int', name: 'waited_ms', nullable: true })
  waitedMs!: number | null;

  @Column({ type: 'text', nullable: true })
  outcome!: CallOutcome | null;

  @Column({ type: 'int', name: 'close_code', nullable: true })
  closeCode!: number | null;

  /** what the call goes on with after its stream, decided by whoever drove it */
  @Column({ type: 'text', name: 'next_step', nullable: true })
  nextStep!: NextStep | null;

  /** why the call itself was over, by its provider: the first that was told */
  @Column({ type: 'text', name: 'end_reason', nullable: true })
  endReason!: EndReason | null;

  /** by the provider's clock */
  @Column({ type: 'timestamptz', name: 'call_ended_at', nullable: true })
  callEndedAt!: Date | null;

  /** from the answer to the end */
  @Column({ type: 'int', name: 'call_ms', nullable: true })
  callMs!: number | null;

  @Column({ type: 'timestamptz', name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
