import { setTimeout as sleep } from 'node:timers/promises';
import { processorMsOf } from '../process-usage';
import { type StreamGenerator } from '../rendezvous/stream-generator';
import { type Collectable, settledMemory } from './settled-memory';

/** What sockets cost a server that have said nothing yet, all of them and the first half of them. */
export interface SocketCosts {
  sockets: number;
  half: Cost;
  all: Cost;
}

export interface Cost {
  /** resident, without garbage */
  bytes: number;
  processorMs: number;
}

export interface Server {
  name: string;
  process: Collectable;
  port: number;
}

export interface OpeningOptions {
  streams: StreamGenerator;
  folder: string;
  sockets: number;
  /** what the ids of the calls begin with; new ones for each server */
  series: string;
}

/** Handshakes before anything is measured, so that the code for them is compiled and its memory there. */
const WARM_UP = 500;
/** What a handshake leaves behind for the next turns is done by then, ms. */
const SETTLE_MS = 200;

/** Opens them at a server that has just been started, and leaves them open. */
export async function measureSockets(
  { name, process, port }: Server,
  { streams, folder, sockets, series }: OpeningOptions,
): Promise<SocketCosts> {
  const open = (first: number, count: number): Promise<void> =>
    streams.open({ series, first, count }, { port, start: false });
  await open(0, WARM_UP);
  await streams.leave();
  const bytesBefore = await settledMemory(process, folder, name);
  const openHalf = async (first: number): Promise<Cost> => {
    const usedBefore = processorMsOf(process.pid) ?? 0;
    await open(first, sockets / 2);
    await sleep(SETTLE_MS);
    const processorMs = (processorMsOf(process.pid) ?? 0) - usedBefore;
    return { processorMs, bytes: (await settledMemory(process, folder, name)) - bytesBefore };
  };
  const half = await openHalf(WARM_UP);
  const rest = await openHalf(WARM_UP + sockets / 2);
  return { sockets, half, all: { bytes: rest.bytes, processorMs: half.processorMs + rest.processorMs } };
}
