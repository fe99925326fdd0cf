import { ProviderApi } from './provider-api';

/** An API that several calls of this process use; it listens until the last of them has given it back. */
export interface BorrowedApi {
  api: ProviderApi;
  giveBack(): Promise<void>;
}

interface Shared {
  opening: Promise<ProviderApi>;
  users: number;
}

const shared = new Map<number, Shared>();
/** of each port: it can be listened on again when this has settled */
const closed = new Map<number, Promise<void>>();

/** @throws {UsageError} if another process listens there */
export async function borrowApi(port: number): Promise<BorrowedApi> {
  const entry = shared.get(port) ?? { opening: open(port), users: 0 };
  shared.set(port, entry);
  entry.users += 1;
  try {
    const api = await entry.opening;
    return { api, giveBack: () => giveBack(port, entry, api) };
  } catch (error) {
    shared.delete(port);
    throw error;
  }
}

async function open(port: number): Promise<ProviderApi> {
  await closed.get(port);
  const api = new ProviderApi();
  await api.listen(port);
  return api;
}

async function giveBack(port: number, entry: Shared, api: ProviderApi): Promise<void> {
  entry.users -= 1;
  if (entry.users > 0) return;
  shared.delete(port);
  const closing = api.close();
  closed.set(port, closing);
  await closing;
}
