import { type Step } from '../dialogue';
import { nearestName } from './nearest-name';
import { type Problems } from './problems';
import { type Reading } from './reading';

/** Finds steps that nobody reaches, and ways on which a call would never end. */
export function checkFlow(
  steps: ReadonlyMap<string, Step>,
  entries: readonly string[],
  { problems, gotos }: Reading,
): void {
  const names = [...steps.keys()];
  for (const { path, step } of gotos) {
    if (steps.has(step)) continue;
    const nearest = nearestName(step, names);
    const advice = nearest === null ? 'Write it, or name another.' : `Did you mean ${nearest}?`;
    problems.atValue(path, `there is no step ${step}. ${advice}`);
  }
  // a slip of the pen in one place must not make other steps unreachable
  const stepAt = (name: string): Step | undefined =>
    steps.get(name) ?? steps.get(nearestName(name, names) ?? '');
  const reached = reachedFrom(entries, stepAt);
  for (const { name } of steps.values()) {
    if (reached.has(name)) continue;
    problems.atKey(
      ['steps', name],
      `nothing leads to the step ${name}: leave it out, or go to it from somewhere`,
    );
  }
  checkSilence(steps, stepAt, problems);
}

type StepAt = (name: string) => Step | undefined;

function reachedFrom(entries: readonly string[], stepAt: StepAt): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...entries];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const step = stepAt(name);
    if (!step || reached.has(step.name)) continue;
    reached.add(step.name);
    open.push(...leadsTo(step));
  }
  return reached;
}

function leadsTo({ then }: Step): string[] {
  if (then.kind === 'goto') return [then.step];
  if (then.kind !== 'ask') return [];
  const { choices, digits, anything, speech, otherwise } = then.ask;
  const gotos = [...choices, ...(digits ? [digits] : []), ...(anything ? [anything] : [])].map(
    ({ goto }) => goto,
  );
  return [...gotos, ...(speech ? [speech] : []), otherwise];
}

/**
 * Each step has at most one that follows it when the caller stays silent. Whoever does must come to the end of the
 * call; and a circle without a question in it would be one endless reply.
 */
function checkSilence(steps: ReadonlyMap<string, Step>, stepAt: StepAt, problems: Problems): void {
  const next = (step: Step): Step | undefined => {
    if (step.then.kind === 'goto') return stepAt(step.then.step);
    return step.then.kind === 'ask' ? stepAt(step.then.ask.otherwise) : undefined;
  };
  const ends = new Set<string>();
  for (const first of steps.values()) {
    const way: Step[] = [];
    let step: Step | undefined = first;
    while (step && !ends.has(step.name) && !way.includes(step)) {
      way.push(step);
      step = next(step);
    }
    if (step && way.includes(step)) tellCircle(way.slice(way.indexOf(step)), problems);
    way.forEach(({ name }) => ends.add(name));
  }
}

function tellCircle(circle: readonly Step[], problems: Problems): void {
  const [first] = circle;
  if (!first) return;
  const names = [...circle, first].map(({ name }) => name).join(' -> ');
  const asks = circle.some(({ then }) => then.kind === 'ask');
  problems.atKey(
    ['steps', first.name],
    asks
      ? `a caller who stays silent never comes to an end here: ${names}. Let an \`otherwise\` lead out of it`
      : `these steps go round in a circle without asking anything: ${names}`,
  );
}
