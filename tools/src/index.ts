export { openStores, type Stores, type StoresOptions } from './stores/open-stores';
export { type StoreServer } from './stores/server';
export { startStack, type Stack, type StackOptions } from './stack';
export { type StackProcess } from './stack/stack-process';
export { type StackDescription } from './stack/description';
export { type LogLine } from './stack/log-lines';
export { freePort } from './processes/free-port';
export { Keeper, type Exit, type KeptProcess, type ProcessSpec } from './processes/keeper';
export { waitUntil } from './processes/wait-until';
