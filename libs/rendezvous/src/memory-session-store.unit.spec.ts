import { keyString } from '@greenroom/contracts';
import { describeNextStepCache, describeSessionBus, describeSessionStore } from './contract';
import { MemoryNextSteps } from './memory-next-steps';
import { MemorySessionBus } from './memory-session-bus';
import { MemorySessionStore } from './memory-session-store';

const store = new MemorySessionStore();
describeSessionStore(
  'MemorySessionStore',
  () => store,
  (key) => {
    const { end, events } = store.rows.get(keyString(key))!;
    const lines = events.filter(({ type }) => type === 'call-ended').map(({ data }) => ({ ...data }));
    return Promise.resolve({ ...end, lines });
  },
);

describeNextStepCache('MemoryNextSteps', () => new MemoryNextSteps());

describeSessionBus('MemorySessionBus', () => {
  const bus = new MemorySessionBus();
  return { cache: bus, publisher: bus, signal: bus };
});
