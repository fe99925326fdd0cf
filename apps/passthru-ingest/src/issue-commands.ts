import type { CallCommand, CallKey, RunCallCommand } from '@greenroom/contracts';
import { errorFields, type BackgroundCommands, type Logger } from '@greenroom/platform';
import { within } from './within';

export interface CommandPorts {
  /** Resolves when a worker will run the command; any number of repeats is one job. */
  commandQueue: { runCallCommand(data: RunCallCommand): Promise<void> };
  /** for when the queue cannot be had */
  background: Pick<BackgroundCommands, 'start'>;
  /** how long the queue may take, ms */
  queueTimeoutMs: number;
  logger: Logger;
}

/** The provider gives a webhook 2 s at the least (Telnyx), of which a database that hangs has taken 1 s. */
export const QUEUE_TIMEOUT_MS = 250;

/**
 * Has commands run, without waiting for the provider's REST API: by a worker, or in this process while the queue's Redis
 * is away. Where it was only slow, both run the command, under one idempotency key. Never rejects.
 */
export async function issueCommands(
  { provider, account, callId }: CallKey,
  commands: readonly CallCommand[],
  { commandQueue, background, queueTimeoutMs, logger }: CommandPorts,
): Promise<void> {
  const key = { provider, account, callId };
  for (const command of commands) {
    try {
      await within(queueTimeoutMs, 'The queue', commandQueue.runCallCommand({ key, command }));
    } catch (error) {
      const fields = { ...key, command: command.kind, ...errorFields(error) };
      logger.warn(fields, 'command not queued, running it in this process');
      background.start(key, command);
    }
  }
}
