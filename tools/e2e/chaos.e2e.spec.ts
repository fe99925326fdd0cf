import { failOnLeaks } from '@greenroom/testing';
import { type Played, runScenarios } from '../src/chaos/run-scenarios';
import { choose } from '../src/chaos/scenarios';

/** The short form of `npm run chaos`: fewer calls, the same promises. */
const scenarios = choose([], 'short');
let played: Played[];

beforeAll(async () => {
  played = await runScenarios({ scenarios, size: 'short', lanes: 2 });
}, 240_000);
failOnLeaks();

it.each(scenarios.map(({ name, bound }) => [name, bound]))('%s: %s', (name) => {
  const one = played.find(({ scenario }) => scenario.name === name);
  expect(one?.outcome.faults).toEqual([]);
  expect(one?.outcome.placed).toBeGreaterThan(0);
});
