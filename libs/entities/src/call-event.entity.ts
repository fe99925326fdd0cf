import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { CallSessionEntity } from './call-session.entity';

/** A line of a call's timeline. */
@Entity('call_events')
@Index('call_events_session', ['session'])
@Index('call_events_once', ['session', 'once'], { unique: true, where: 'once IS NOT NULL' })
export class CallEventEntity {
  @PrimaryGeneratedColumn('increment', { type: 'bigint', primaryKeyConstraintName: 'call_events_pkey' })
  id!: string;

  @ManyToOne(() => CallSessionEntity, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'call_events_session_id' })
  session!: CallSessionEntity;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at!: Date;

  @Column({ type: 'text' })
  type!: string;

  @Column({ type: 'jsonb', default: {} })
  data!: Record<string, string | number | boolean | null>;

  /** names a fact that is told more than once: repeats are not written */
  @Column({ type: 'text', nullable: true })
  once!: string | null;
}
