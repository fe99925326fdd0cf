import { describeSessionBus, describeSessionStore } from './contract';
import { MemorySessionBus } from './memory-session-bus';
import { MemorySessionStore } from './memory-session-store';

describeSessionStore('MemorySessionStore', () => new MemorySessionStore());

describeSessionBus('MemorySessionBus', () => {
  const bus = new MemorySessionBus();
  return { cache: bus, publisher: bus, signal: bus };
});
