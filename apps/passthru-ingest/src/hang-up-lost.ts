import type { CallKey } from '@greenroom/contracts';
import { mediaAdapters, type MediaAdapter } from '@greenroom/telephony';
import { issueCommands, type CommandPorts } from './issue-commands';

/**
 * Where a call outlives its stream, nobody would end one whose gateway has died: its caller would hear silence until he
 * hangs up himself. Never rejects.
 */
export async function hangUpLost(
  calls: readonly CallKey[],
  ports: CommandPorts,
  adapters: Readonly<Record<CallKey['provider'], Pick<MediaAdapter, 'stream'>>> = mediaAdapters,
): Promise<void> {
  for (const key of calls) {
    if (adapters[key.provider].stream.closing !== 'call-stays-up') continue;
    await issueCommands(key, [{ kind: 'hang-up', callId: key.callId }], ports);
  }
}
