import { latenciesOf } from './sightings';

it('counts from published to found, of the calls of which both are known', () => {
  const latencies = latenciesOf(
    [
      ['a', 10, null],
      ['b', 20, null],
      ['never found', 25, null],
    ],
    [
      ['b', 21.5, 'event'],
      ['a', 12, 'poll'],
      ['of an earlier round', 13, 'event'],
      // its stream has left
      ['never found', 30, null],
    ],
  );
  expect(latencies).toEqual({ ms: [1.5, 2], found: { event: 1, poll: 1 } });
});

it('takes the first of each, and tells what was found too early', () => {
  const latencies = latenciesOf(
    [
      ['a', 10, null],
      ['a', 400, null],
    ],
    [
      ['a', 9, 'poll'],
      ['a', 11, 'event'],
    ],
  );
  expect(latencies).toEqual({ ms: [-1], found: { poll: 1 } });
});
