import { randomUUID } from 'node:crypto';
import { AnnouncementSchema, type Announcement, type CallKey } from '@greenroom/contracts';
import type { ClaimRequest } from './ports';

export const newKey = (more: Partial<CallKey> = {}): CallKey => ({
  provider: 'exotel',
  account: 'default',
  callId: randomUUID(),
  ...more,
});

export function announcementOf(key: CallKey, more: Partial<Announcement> = {}): Announcement {
  return AnnouncementSchema.parse({
    ...key,
    from: '+919000000001',
    to: '+918000000002',
    customer: { phone: '+919000000001', fullName: 'Asha Rao', attributes: { loan: 'LN-1' } },
    ...more,
  });
}

export const claimOf = (key: CallKey, owner: string, leaseMs = 15_000): ClaimRequest => ({
  key,
  owner,
  leaseMs,
  found: 'event',
  waitedMs: 12,
});
