import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** One customer of one account, known by phone. */
@Entity('customers')
@Unique('customers_account_phone', ['account', 'phone'])
export class CustomerEntity {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'customers_pkey' })
  id!: string;

  @Column({ type: 'text' })
  account!: string;

  /** E.164 */
  @Column({ type: 'text' })
  phone!: string;

  @Column({ type: 'text', name: 'full_name', nullable: true })
  fullName!: string | null;

  /** BCP 47 */
  @Column({ type: 'text', nullable: true })
  language!: string | null;

  @Column({ type: 'jsonb', default: {} })
  attributes!: Record<string, string>;

  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
