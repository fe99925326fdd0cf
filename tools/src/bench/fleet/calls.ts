import { type CallKey } from '@greenroom/contracts';

/** Calls that wait on each gateway. */
export const WAITING = 20;

const callOf = (callId: string): CallKey => ({ provider: 'twilio', account: 'fleet', callId });

/** @param gateway 0 is the one whose calls are announced; nobody announces those of the others */
export const waitingCall = (gateway: number, index: number): CallKey =>
  callOf(`gateway-${gateway}-call-${index}`);

/** Every gateway is subscribed to its channel: what one channel for all events would be. */
export const EVERYBODYS_CALL = callOf('call-of-everybody');
