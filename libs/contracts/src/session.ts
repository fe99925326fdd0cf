import { z } from 'zod';
import { AccountNameSchema, CallIdSchema, ProviderSchema } from './identity';

/**
 * States of a session, in the only order in which they may change.
 * `timed_out` is a tombstone: a stream waited for this call, gave up and was closed.
 */
export const SESSION_STATES = ['received', 'ready', 'timed_out', 'active', 'ended'] as const;
export const SessionStateSchema = z.enum(SESSION_STATES);
export type SessionState = z.infer<typeof SessionStateSchema>;

/** Free-form facts about a customer or a call, as they came from the provider or the CRM. */
export const AttributesSchema = z.record(z.string().max(64), z.string().max(1024));
export type Attributes = z.infer<typeof AttributesSchema>;

export const CustomerSchema = z.object({
  /** null: not written yet, since the database was away when the call was announced */
  customerId: z.uuid().nullable(),
  /** E.164, such as `+919000000001` */
  phone: z.string(),
  fullName: z.string().nullable(),
  /** BCP 47 tag, such as `en-IN` */
  language: z.string().nullable(),
  attributes: AttributesSchema,
});
export type Customer = z.infer<typeof CustomerSchema>;

export const DirectionSchema = z.enum(['inbound', 'outbound']);

/** State of the look-up in the account's CRM: `none` where the account has none. */
export const EnrichmentSchema = z.enum(['none', 'pending', 'merged', 'gave-up']);
export type Enrichment = z.infer<typeof EnrichmentSchema>;

/** One call as every process sees it. */
export const SessionSchema = z.object({
  sessionId: z.uuid(),
  provider: ProviderSchema,
  account: AccountNameSchema,
  callId: CallIdSchema,
  state: SessionStateSchema,
  /** grows by one with each change */
  version: z.int().positive(),
  direction: DirectionSchema,
  /** E.164 where the number could be understood, otherwise as it came */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** null: nobody has announced this call, or its caller withheld the number */
  customer: CustomerSchema.nullable(),
  attributes: AttributesSchema,
  enrichment: EnrichmentSchema,
  /** unix ms of the first webhook; null while none has come */
  announcedAt: z.number().nullable(),
});
export type Session = z.infer<typeof SessionSchema>;

/** What is told from outside is refused where Postgres could not keep it: no number of tries would write it. */
const givenText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !text.includes('\0') && !HALF_PAIR.test(text), 'holds NUL or half a surrogate pair');
const HALF_PAIR = /\p{Cs}/u;
const GivenAttributesSchema = z.record(givenText(64), givenText(1024));

/** What a webhook, or `POST /v1/sessions`, tells of a call before its stream is answered. */
export const AnnouncementSchema = z.object({
  provider: ProviderSchema,
  account: AccountNameSchema,
  callId: CallIdSchema,
  direction: DirectionSchema.default('inbound'),
  from: givenText(64).nullable().default(null),
  to: givenText(64).nullable().default(null),
  customer: z
    .object({
      /** E.164 */
      phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'a phone number in E.164, such as +919000000001'),
      fullName: givenText(200).nullable().default(null),
      language: givenText(35).nullable().default(null),
      attributes: GivenAttributesSchema.default({}),
    })
    .nullable()
    .default(null),
  attributes: GivenAttributesSchema.default({}),
});
export type Announcement = z.infer<typeof AnnouncementSchema>;

/** What the account's CRM may answer to a look-up. */
export const CustomerUpdateSchema = z.object({
  fullName: givenText(200).nullish(),
  language: givenText(35).nullish(),
  attributes: GivenAttributesSchema.default({}),
});
export type CustomerUpdate = z.infer<typeof CustomerUpdateSchema>;
