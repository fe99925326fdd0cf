import { borrowApi, type BorrowedApi } from './api/borrow-api';
import type { CallOptions } from './call-options';
import { StackSchema, UsageError, type Stack } from './config';
import type { Call } from './prepare-call';
import type { ProviderSide } from './provider-side';
import { sideOf } from './sides';

type StopListening = () => Promise<void>;

const nothing: StopListening = () => Promise.resolve();

/**
 * Hears Greenroom's commands for this call, until told to stop.
 * @throws {UsageError} if the provider waits for commands, and nobody can hear them here
 */
export async function listenForCommands(call: Call): Promise<StopListening> {
  const { commanded, plan, stack, side, key, rules } = call;
  if (!commanded) return nothing;
  const { api, giveBack } = plan.api
    ? { api: plan.api, giveBack: nothing }
    : await borrow(stack, side, (why) => call.timeline.add('provider', why));
  api?.expect(key.provider, key.callId, commanded, (what) => rules.note(what, what));
  return giveBack;
}

/** For calls one after the other: between two of them, too, commands must find somebody. @throws {UsageError} */
export async function keepListening(options: CallOptions): Promise<StopListening> {
  const side = sideOf(options);
  if (options.api || !side.api) return nothing;
  return (await borrow(StackSchema.parse(options.stack), side, () => undefined)).giveBack;
}

type Listening = { api: BorrowedApi['api'] | null; giveBack: StopListening };

/** A provider whose answers say it all can do without. */
async function borrow(
  { apiUrl }: Stack,
  { provider, controlledBy }: ProviderSide,
  tell: (why: string) => void,
): Promise<Listening> {
  const isNeeded = controlledBy === 'commands';
  if (apiUrl === undefined) {
    if (!isNeeded) return { api: null, giveBack: nothing };
    throw new UsageError(
      `Calls of ${provider} are taken by commands over its REST API. The stack has to say its apiUrl, where this ` +
        'simulator is to listen for them, or --api-port has to.',
    );
  }
  try {
    return await borrowApi(portOf(apiUrl));
  } catch (error) {
    if (isNeeded || !(error instanceof UsageError)) throw error;
    tell(`no commands are heard: ${error.message}`);
    return { api: null, giveBack: nothing };
  }
}

const portOf = (url: string): number => Number(new URL(url).port || 80);
