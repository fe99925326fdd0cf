import type { CallKey, CustomerUpdate, Session } from '@greenroom/contracts';
import type { PgOutbox } from '@greenroom/entities';
import type { Account, Accounts, Logger } from '@greenroom/platform';
import type { SessionStore } from '@greenroom/rendezvous';
import { tellSession, type TellPorts } from '../tell-session';
import { askCrm, type CrmAnswer } from './crm-client';

export interface EnrichPorts extends TellPorts {
  accounts: Accounts;
  store: SessionStore;
  outbox: PgOutbox;
  logger: Logger;
  count: (result: CrmAnswer['kind']) => void;
}

/**
 * The job: asks the CRM, merges its answer and makes the session ready; when the budget is spent, makes it ready
 * without. The budget counts from the announcement, so that a job that had to wait, or is run again, does not make
 * the caller wait longer. May be repeated.
 */
export async function enrichSession(key: CallKey, ports: EnrichPorts): Promise<void> {
  const session = await ports.store.find(key);
  if (session?.enrichment !== 'pending') return;
  const answer = await ask(session, ports.accounts.find(key.provider, key.account));
  ports.count(answer.kind);
  ports.logger.info({ ...key, sessionId: session.sessionId, ...logged(answer) }, 'CRM asked');
  const enriched = await ports.store.enrich(key, updateOf(answer));
  if (!enriched) return;
  await tellSession(enriched, ports);
  await ports.outbox.markPublished(enriched);
}

function ask(session: Session, account: Account | null): Promise<CrmAnswer> {
  if (!account?.enrich) return Promise.resolve({ kind: 'gave-up', reason: 'no CRM is configured', tries: 0 });
  const { budgetMs } = account.enrich;
  const spent = Date.now() - (session.announcedAt ?? Date.now());
  // two clocks are compared: whatever they say, the budget is neither stretched nor negative
  const left = Math.min(budgetMs, Math.max(0, budgetMs - spent));
  return askCrm(session, account.enrich, left);
}

function updateOf(answer: CrmAnswer): CustomerUpdate | null {
  if (answer.kind === 'customer') return answer.update;
  return answer.kind === 'unknown' ? { attributes: {} } : null;
}

const logged = (answer: CrmAnswer) => ({
  answer: answer.kind,
  tries: answer.tries,
  ...(answer.kind === 'gave-up' ? { reason: answer.reason } : {}),
});
