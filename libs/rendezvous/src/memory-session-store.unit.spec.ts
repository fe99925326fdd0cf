import { describeNextStepCache, describeSessionBus, describeSessionStore } from './contract';
import { MemoryNextSteps } from './memory-next-steps';
import { MemorySessionBus } from './memory-session-bus';
import { MemorySessionStore } from './memory-session-store';

describeSessionStore('MemorySessionStore', () => new MemorySessionStore());

describeNextStepCache('MemoryNextSteps', () => new MemoryNextSteps());

describeSessionBus('MemorySessionBus', () => {
  const bus = new MemorySessionBus();
  return { cache: bus, publisher: bus, signal: bus };
});
