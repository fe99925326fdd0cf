import { z } from 'zod';

/** Telephony providers that Greenroom speaks with. */
export const ProviderSchema = z.enum(['exotel', 'twilio', 'plivo', 'telnyx', 'vonage']);
export type Provider = z.infer<typeof ProviderSchema>;
export const PROVIDERS = ProviderSchema.options;

/** Name of one configured provider account (tenant). Taken from our own URL, never from a payload. */
export const AccountNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, - and _, at most 63');

/**
 * A provider's id of one call (Exotel and Twilio `CallSid`): opaque, exact bytes.
 * The character set covers every provider's ids and nothing that could break a key, a channel or a log line.
 */
export const CallIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.:=@/+-]{8,160}$/, '8 to 160 characters of A-Z a-z 0-9 _ . : = @ / + -');

/** What names a call everywhere: a call id alone is never a key, since two providers may use the same one. */
export const CallKeySchema = z.object({
  provider: ProviderSchema,
  account: AccountNameSchema,
  callId: CallIdSchema,
});
export type CallKey = z.infer<typeof CallKeySchema>;

/**
 * One string for a key, for maps inside a process. The parts cannot hold `|`, so no two keys share one.
 * @throws {z.ZodError} if a part is missing or malformed: no look-up may ever run with half a key.
 */
export function keyString(key: CallKey): string {
  const { provider, account, callId } = CallKeySchema.parse(key);
  return `${provider}|${account}|${callId}`;
}
