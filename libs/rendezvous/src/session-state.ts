import { SESSION_STATES, type Session, type SessionState } from '@greenroom/contracts';

/** Position of a state in the only order in which states change. */
export const stateRank = (state: SessionState): number => SESSION_STATES.indexOf(state);

/** States only move forward: a later webhook, a repeat or a reordered one never takes a call back. */
export const advances = (from: SessionState, to: SessionState): boolean => stateRank(to) > stateRank(from);

/**
 * May a waiting stream go on with this session? Not while it is only `received`: the account's CRM is still being
 * asked. Anything later ends the wait; the claim then says whether the call may still be had.
 */
export const isTakeable = (session: Session): boolean => session.state !== 'received';
