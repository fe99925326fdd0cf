import { keyString } from '@greenroom/contracts';
import { LAST_LOOK_MS } from '../await-session';
import { BROKER_HOP_MS } from './broker';
import type { Wait } from './gateway';
import type { Outage } from './remote';
import type { OwnerWrite } from './remote-store';
import { TIMER_LAG_MS } from './timeline';
import { CACHE_HANGS_MS, STORE_HANGS_MS, STORE_HOP_MS, type World } from './world';

/** A look whose reads are answered; one whose reads hang as long as they can. */
export const LOOK_MS = 2 * BROKER_HOP_MS + 2 * STORE_HOP_MS;
const SLOW_LOOK_MS = 2 * BROKER_HOP_MS + CACHE_HANGS_MS + 2 * STORE_HOP_MS + STORE_HANGS_MS;

/** The promises of the design, judged when a run is over: one line for each that was broken. */
export function broken(world: World): string[] {
  return [
    ...world.journal.violations,
    ...world.waits.flatMap((wait) => [
      ...lostCall(wait, world),
      ...foundLate(wait, world),
      ...foreignSession(wait),
      ...tooLong(wait),
    ]),
    ...twoOwners(world.store.ownerWrites),
    ...leftBehind(world),
    ...twoCustomers(world),
  ];
}

const deadlineOf = ({ startedAt, plan }: Wait): number => startedAt + plan.timeoutMs;

function lostCall(wait: Wait, world: World): string[] {
  const commit = world.store.commits.get(keyString(wait.key));
  const { result } = wait;
  if (!commit || !result || result.outcome === 'cancelled') return [];
  const inTime = (at: number | null) =>
    at !== null && at < deadlineOf(wait) - LAST_LOOK_MS && hadChance(wait, world, at);
  const name = keyString(wait.key);
  if (result.outcome === 'timed-out')
    return inTime(commit.announcedAt)
      ? [`I1: ${name}, written at ${commit.announcedAt}, ${about(wait)}`]
      : [];
  const asItIs = result.session.state === 'received' && inTime(commit.readyAt);
  return asItIs ? [`I1: ${name}, ready at ${commit.readyAt}, was taken as received, ${about(wait)}`] : [];
}

/** As long as the store answers, no other fault costs more than one poll. */
function foundLate(wait: Wait, { store, plan }: World): string[] {
  const readyAt = store.commits.get(keyString(wait.key))?.readyAt ?? Infinity;
  const until = Math.max(readyAt, wait.startedAt) + pollBound(plan.pollMs);
  if (wait.endedAt <= until || !isUp(plan.storeOutages, wait.startedAt, until)) return [];
  return [`I1: ${keyString(wait.key)}, ready at ${readyAt}, was found late, ${about(wait)}`];
}

/** Until one poll has ended, when the one before it took as long as it can, ms. */
const pollBound = (pollMs: number): number => 1.2 * pollMs + 2 * TIMER_LAG_MS + 2 * SLOW_LOOK_MS;

/**
 * Did the store answer for long enough after the commit? For one whole poll, or at the last look, or for the last word:
 * more cannot be asked of it, less would not need a store.
 */
function hadChance(wait: Wait, { plan }: World, committedAt: number): boolean {
  const deadline = deadlineOf(wait);
  const outages = plan.storeOutages;
  const lastLook = deadline - LAST_LOOK_MS;
  if (isUp(outages, lastLook, lastLook + TIMER_LAG_MS + 2 * STORE_HOP_MS)) return true;
  const pollMs = pollBound(plan.pollMs);
  const from = Math.max(committedAt, wait.startedAt);
  const starts = [from, ...outages.map(({ to }) => to).filter((to) => to > from)];
  return starts.some((start) => start + pollMs < deadline && isUp(outages, start, start + pollMs));
}

const isUp = (outages: readonly Outage[], from: number, to: number): boolean =>
  outages.every((outage) => outage.to <= from || to < outage.from);

/** Who won the last claim may write until somebody else wins; whoever writes under another claim changes nothing. */
function twoOwners(writes: readonly OwnerWrite[]): string[] {
  const holders = new Map<string, OwnerWrite>();
  return writes.flatMap((write) => {
    const holder = holders.get(write.id);
    if (write.kind === 'claim' && write.accepted) holders.set(write.id, write);
    return faultsOf(write, holder).map(
      (fault) => `I3: ${write.kind} of ${write.id} by ${write.owner}: ${fault}`,
    );
  });
}

function faultsOf(write: OwnerWrite, holder: OwnerWrite | undefined): string[] {
  const { kind, owner, epoch, accepted, changed } = write;
  if (!accepted) return changed ? ['it was refused, and changed the row'] : [];
  if (kind === 'claim') return faultsOfClaim(write, holder?.epoch ?? 0);
  return owner === holder?.owner && epoch === holder.epoch ? [] : [`${holder?.owner} drives it`];
}

function faultsOfClaim({ owner, epoch, heldBy, heldUntil, at }: OwnerWrite, before: number | null): string[] {
  const held = heldBy !== null && heldBy !== owner && heldUntil >= at;
  const again = (epoch ?? 0) <= (before ?? 0);
  return [...(held ? [`${heldBy} held it`] : []), ...(again ? [`epoch ${epoch} was given before`] : [])];
}

function foreignSession({ key, result }: Wait): string[] {
  if (result?.outcome !== 'ready') return [];
  const { session } = result;
  if (keyString(session) !== keyString(key)) return [`I2: ${keyString(key)} was given ${keyString(session)}`];
  const announced = session.announcedAt !== null || session.state !== 'received';
  return announced ? [] : [`I2: ${keyString(key)} was given what nobody had announced`];
}

function tooLong(wait: Wait): string[] {
  const { result, plan, endedAt, startedAt } = wait;
  if (!result) return [`I5: a wait has no end (${about(wait)})`];
  const limit = Math.min(
    plan.timeoutMs + 250,
    plan.leavesMs === null ? Infinity : plan.leavesMs + TIMER_LAG_MS,
  );
  return endedAt - startedAt > limit
    ? [`I5: a wait ended after ${endedAt - startedAt} ms (${about(wait)})`]
    : [];
}

function leftBehind({ gateways, timeline, broker, links, over }: World): string[] {
  const left = [
    { what: 'waiters', count: gateways.reduce((sum, { room }) => sum + room.size, 0) },
    { what: 'channels', count: links.reduce((sum, { channels }) => sum + channels.size, 0) },
    { what: 'subscriptions at the broker', count: broker.subscriptions },
    { what: 'timers', count: timeline.timersLeft },
    { what: 'endless runs', count: timeline.endless ? 1 : 0 },
    { what: 'unfinished runs', count: over ? 0 : 1 },
  ];
  return left.filter(({ count }) => count > 0).map(({ what, count }) => `I5: left behind: ${count} ${what}`);
}

/** The plan's calls of one account come from one number. */
function twoCustomers({ store }: World): string[] {
  return store.customers > 2 ? [`I4: ${store.customers} customers for two accounts`] : [];
}

function about({ startedAt, plan, result, endedAt }: Wait): string {
  return `waited from ${startedAt}, until ${startedAt + plan.timeoutMs} at most; ${result?.outcome} at ${endedAt}`;
}
