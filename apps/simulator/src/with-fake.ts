import type { StackInput } from './config';
import { FakeGreenroom, type FakeBehaviour } from './fake-greenroom';

/**
 * Runs something against a fake Greenroom of its own.
 * @throws {Error} if it leaves a connection open
 */
export async function withFake<T>(
  behaviour: FakeBehaviour,
  use: (fake: FakeGreenroom, base: { stack: StackInput }) => Promise<T>,
): Promise<T> {
  const fake = new FakeGreenroom(behaviour);
  const stack = await fake.listen();
  try {
    const value = await use(fake, { stack });
    const open = await fake.openConnections();
    if (open > 0) throw new Error(`${open} connections were left open.`);
    return value;
  } finally {
    await fake.close();
  }
}
