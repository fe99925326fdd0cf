/**
 * The one table of WebSocket closes that we send: code and reason (at most 123 bytes, RFC 6455 5.5.1).
 * 1000 is used wherever the provider's call flow has to go on to its next step.
 */
export const CLOSES = {
  finished: { code: 1000, reason: 'Conversation finished' },
  noCustomerData: { code: 1000, reason: 'No customer data found after waiting' },
  tooLong: { code: 1000, reason: 'Longest call duration reached' },
  goingAway: { code: 1001, reason: 'Server is shutting down' },
  notAuthorized: { code: 1008, reason: 'Not authorized' },
  badMessages: { code: 1008, reason: 'Too many malformed messages' },
  startTimeout: { code: 1008, reason: 'No start message within the time allowed' },
  badStart: { code: 1008, reason: 'Start message without a valid call id' },
  mediaBeforeStart: { code: 1008, reason: 'Media before the start message' },
  otherCall: { code: 1008, reason: 'Start message names another call than the URL' },
  notReading: { code: 1008, reason: 'Peer does not read' },
  failed: { code: 1011, reason: 'Internal error' },
  full: { code: 1013, reason: 'Too many calls are waiting, try again later' },
  notOwner: { code: 4409, reason: 'Another connection drives this call' },
  callOver: { code: 4410, reason: 'This call has already ended' },
} as const;
export type CloseName = keyof typeof CLOSES;
export type Close = (typeof CLOSES)[CloseName];
