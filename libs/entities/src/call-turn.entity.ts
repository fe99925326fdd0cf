import type { Turn, TurnEnd } from '@greenroom/contracts';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { CallSessionEntity } from './call-session.entity';

/** One turn of a call's conversation, written once, when it has ended. */
@Entity('call_turns')
export class CallTurnEntity {
  @PrimaryColumn({ type: 'uuid', name: 'session_id', primaryKeyConstraintName: 'call_turns_pkey' })
  sessionId!: string;

  /** from 1, in the order in which the turns began */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'call_turns_pkey' })
  number!: number;

  @ManyToOne(() => CallSessionEntity, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'call_turns_session_id' })
  session!: CallSessionEntity;

  @Column({ type: 'text' })
  who!: Turn['who'];

  @Column({ type: 'timestamptz', name: 'started_at' })
  startedAt!: Date;

  @Column({ type: 'timestamptz', name: 'ended_at' })
  endedAt!: Date;

  @Column({ type: 'text', name: 'ended_by' })
  endedBy!: TurnEnd;

  /** what was said, where it is known */
  @Column({ type: 'text', nullable: true })
  text!: string | null;

  @Column({ type: 'text', nullable: true })
  digits!: string | null;

  /** ms of the assistant's audio */
  @Column({ type: 'int', name: 'length_ms', nullable: true })
  lengthMs!: number | null;

  /** ms of it that were heard */
  @Column({ type: 'int', name: 'heard_ms', nullable: true })
  heardMs!: number | null;

  @Column({ type: 'text', name: 'heard_text', nullable: true })
  heardText!: string | null;

  /** ms of speech of the caller */
  @Column({ type: 'int', name: 'speech_ms', nullable: true })
  speechMs!: number | null;

  /** where in its dialogue the agent was */
  @Column({ type: 'text', nullable: true })
  step!: string | null;
}
