import { AnnouncementSchema, CallIdSchema, EndReasonSchema } from '@greenroom/contracts';
import * as fc from 'fast-check';
import { anyRequestLike, withEachValueReplaced } from './hostile-request.contract';
import type {
  AnswerContext,
  CallCommand,
  Webhook,
  WebhookAccount,
  WebhookAdapter,
  WebhookAnswer,
  WebhookRequest,
} from './port';
import { describeSignature, NOW, type SignatureSamples } from './signature.contract';

/** Where a webhook has its call id, and how one is made with another. */
export type CallIdPlace =
  /** `request` takes query or form parameters, percent-encoded, such as `CallSid=a&CallSid=b` */
  | { in: 'parameters'; operation: string; name: string; request: (parameters: string) => WebhookRequest }
  /** `request` takes what stands in the JSON body in place of the id; undefined: nothing does */
  | { in: 'json'; operation: string; name: string; request: (callId: unknown) => WebhookRequest };

export interface WebhookSamples {
  account: WebhookAccount;
  /** as they come over the wire, and what each of them means */
  deliveries: readonly { name: string; operation: string; request: WebhookRequest; webhook: Webhook }[];
  /** at least one for each operation; `name` is what a refusal's reason begins with: the parameter, or the JSON path */
  callIds: readonly CallIdPlace[];
  /** what the answer to each operation holds; `status` is 200 unless it says otherwise */
  answers: Readonly<Record<string, { status?: number; contentType: string; body: string }>>;
  /** what it is to operations whose answer says that a call is transferred to `context.transferTo` */
  transfers: Readonly<Record<string, WebhookAnswer>>;
  transfersTo: WebhookAdapter['transfersTo'];
  /** what has to be told over REST because of a delivery, by its name; null: the provider has no such commands */
  commands: readonly CommandSample[] | null;
  /** nothing comes next, and there is a number that a transfer would go to */
  context: AnswerContext;
  /** null where the provider signs nothing */
  signature: SignatureSamples | null;
}

export interface CommandSample {
  /** name of a delivery; deliveries that no sample names have no commands in `context` */
  delivery: string;
  /** over the samples' context, such as `{ next: 'transfer' }` */
  context?: Partial<AnswerContext>;
  commands: readonly CallCommand[];
}

/** A raw HTTP request, as the example files have them, to a service with this public base URL. */
export function requestFromText(text: string, base = 'https://voice.example.com'): WebhookRequest {
  const [head = '', body = ''] = text.split(/\r?\n\r?\n/, 2);
  const [first = '', ...lines] = head.split(/\r?\n/);
  const [method, target] = first.split(' ');
  const headers = lines
    .map((line) => line.split(/: ?(.*)/s, 2))
    .map(([name, value]) => [name?.toLowerCase(), value]);
  return {
    method: method === 'POST' ? 'POST' : 'GET',
    url: `${base}${target ?? ''}`,
    headers: Object.fromEntries(headers) as WebhookRequest['headers'],
    body: body.trimEnd(),
  };
}

/** The same parameters as a query, as a form, and as JSON. */
export const getWith = (
  url: string,
  parameters: Readonly<Record<string, string>> | string,
): WebhookRequest => ({
  method: 'GET',
  url: `${url}?${new URLSearchParams(parameters).toString()}`,
  headers: {},
  body: '',
});

export const postWith = (
  url: string,
  parameters: Readonly<Record<string, string>> | string,
): WebhookRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(parameters).toString(),
});

export const postJson = (url: string, body: unknown): WebhookRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const ID = '56b1234567abcdef';

const badParameters = (name: string): [string, string][] => [
  ['missing', ''],
  ['empty', `${name}=`],
  ['repeated', `${name}=${ID}&${name}=${ID}`],
  ['an array', `${name}%5B%5D=${ID}`],
  ['an indexed array', `${name}%5B0%5D=${ID}`],
  ['both plain and an array', `${name}=${ID}&${name}%5B1%5D=${ID}`],
  ['an object', `${name}%5Ba%5D=${ID}`],
  ['too short', `${name}=56b`],
  ['over-long', `${name}=${'x'.repeat(161)}`],
  ['with a blank', `${name}=56b1234567+abcdef`],
  ['with a line break', `${name}=56b1234567%0Aabcdef`],
  ['with a NUL', `${name}=56b1234567%00abcdef`],
  ['with a separator of our keys', `${name}=56b1234567%7Cabcdef`],
  ['with letters of another script', `${name}=56b1234567%D0%B0bcdef`],
];

const BAD_VALUES: readonly [string, unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['empty', ''],
  ['a number', 5612345678],
  ['true', true],
  ['an array', [ID]],
  ['an object', { id: ID }],
  ['too short', '56b'],
  ['over-long', 'x'.repeat(161)],
  ['with a blank', '56b1234567 abcdef'],
  ['with a line break', `${ID}\n`],
  ['with a NUL', '56b1234567\u0000abcdef'],
  ['with a separator of our keys', '56b1234567|abcdef'],
  ['with letters of another script', '56b1234567аbcdef'],
];

function badCallIds(place: CallIdPlace) {
  const bad =
    place.in === 'json'
      ? BAD_VALUES.map(([title, value]) => ({ title, request: place.request(value) }))
      : badParameters(place.name).map(([title, given]) => ({ title, request: place.request(given) }));
  const { operation, name } = place;
  return bad.map(({ title, request }) => ({ title, request, operation, name, from: place.in }));
}

export function describeWebhookAdapter(adapter: WebhookAdapter, samples: WebhookSamples): void {
  const operations = Object.keys(adapter.operations);
  const { account, callIds, context, deliveries } = samples;

  describe(`the webhooks of ${adapter.provider}`, () => {
    describeDeliveries(adapter, samples);

    it('have a call id in each operation', () => {
      expect([...new Set(callIds.map(({ operation }) => operation))].sort()).toEqual([...operations].sort());
    });

    it.each(callIds.flatMap(badCallIds))(
      'refuse a bad call id: $title ($operation, $from)',
      ({ operation, request, name }) => {
        const webhook = adapter.parse(operation, request, account);
        expect(webhook.kind).toBe('refused');
        const reason = webhook.kind === 'refused' ? webhook.reason : '';
        expect(reason.startsWith(`${name}: `)).toBe(true);
        expect(reason).not.toMatch(/56b|56123|xxx/);
      },
    );

    it('refuse an operation that is not theirs', () => {
      const { request } = deliveries[0]!;
      for (const operation of ['', 'nothing', '__proto__', 'constructor', 'toString']) {
        expect(adapter.parse(operation, request, account)).toEqual({
          kind: 'refused',
          reason: expect.any(String) as string,
        });
      }
    });

    it('are understood or refused, whatever comes', () => {
      const hostile = anyRequestLike(deliveries.map(({ request }) => request));
      fc.assert(
        fc.property(hostile, fc.constantFrom(...operations), (request, operation) => {
          return faultsOf(adapter, adapter.parse(operation, request, account), context).length === 0;
        }),
        { numRuns: 200 },
      );
    });

    it('are understood or refused, whatever one of their values is', () => {
      const kinds = new Map(
        deliveries.map((delivery) => [`${delivery.operation} ${delivery.webhook.kind}`, delivery]),
      );
      const faults = [...kinds.values()].flatMap(({ operation, request }) =>
        withEachValueReplaced(request).flatMap((strange) =>
          faultsOf(adapter, adapter.parse(operation, strange, account), context),
        ),
      );
      expect(faults).toEqual([]);
    });

    it.each(operations)('are answered alike each time (%s)', (operation) => {
      const answer = adapter.answer(operation, context);
      expect(answer).toEqual({ status: 200, ...samples.answers[operation] });
      expect(adapter.answer(operation, context)).toEqual(answer);
    });

    describeTransfers(adapter, samples);
    describeCommands(adapter, samples);
    describeSigning(adapter, samples);
  });
}

/** What does not hold for this webhook, and has to for any at all that was understood. */
function faultsOf(adapter: WebhookAdapter, webhook: Webhook, context: AnswerContext): string[] {
  if (webhook.kind === 'refused') return [];
  const ids = [webhook, ...(adapter.commands?.(webhook, context) ?? [])].map(({ callId }) => callId);
  const faults = ids.filter((id) => !CallIdSchema.safeParse(id).success).map((id) => `call id: ${id}`);
  return webhook.kind === 'call-ended' ? [...faults, ...endFaults(webhook)] : faults;
}

const isWhole = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least;

function endFaults({ reason, endedAt, durationMs }: Extract<Webhook, { kind: 'call-ended' }>): string[] {
  const faults: string[] = [];
  if (!EndReasonSchema.options.includes(reason)) faults.push(`reason: ${reason}`);
  if (endedAt !== null && !isWhole(endedAt, 1)) faults.push(`endedAt: ${endedAt}`);
  if (durationMs !== null && !isWhole(durationMs, 0)) faults.push(`durationMs: ${durationMs}`);
  return faults;
}

function describeDeliveries(adapter: WebhookAdapter, samples: WebhookSamples): void {
  const { deliveries, account, context } = samples;
  const parsed = deliveries.map(({ operation, request }) => adapter.parse(operation, request, account));

  it.each(deliveries)('are understood: $name', ({ operation, request, webhook }) => {
    expect(adapter.operations[operation]).toContain(request.method);
    const understood = adapter.parse(operation, request, account);
    expect(understood).toEqual(webhook);
    expect(faultsOf(adapter, understood, context)).toEqual([]);
  });

  it('announce calls as the contract has it', () => {
    const announcements = parsed.filter((webhook) => webhook.kind === 'announcement');
    expect(announcements.length).toBeGreaterThan(0);
    for (const { callId, announcement } of announcements) {
      expect(AnnouncementSchema.parse(announcement)).toEqual(announcement);
      expect(announcement).toMatchObject({ provider: adapter.provider, account: account.name, callId });
    }
  });

  it('tell that a call has ended, when, and how long it was', () => {
    const ends = parsed.filter((webhook) => webhook.kind === 'call-ended');
    expect(ends.some(({ endedAt }) => endedAt !== null)).toBe(true);
    expect(ends.some(({ durationMs }) => durationMs !== null)).toBe(true);
  });
}

function describeTransfers(adapter: WebhookAdapter, samples: WebhookSamples): void {
  const { deliveries, transfers, transfersTo, context } = samples;
  const transfer = { ...context, next: 'transfer' as const };
  const asks = (webhook: Webhook) => webhook.kind === 'stream-ended' && webhook.asksNext;
  const asking = deliveries.filter(({ webhook }) => asks(webhook));
  const transferTold = ({ webhook }: { webhook: Webhook }, next: AnswerContext) =>
    (adapter.commands?.(webhook, next) ?? []).filter(({ kind }) => kind === 'transfer');

  it('transfer a call in answer to what asks, and to nothing else', () => {
    const answering = asking.filter((delivery) => transferTold(delivery, transfer).length === 0);
    const operations = new Set(answering.map(({ operation }) => operation));
    expect(asking.length).toBeGreaterThan(0);
    expect(Object.keys(transfers).sort()).toEqual([...operations].sort());
    for (const operation of Object.keys(adapter.operations)) {
      const none = adapter.answer(operation, context);
      expect(adapter.answer(operation, transfer)).toEqual(transfers[operation] ?? none);
      expect(transfers[operation]).not.toEqual(none);
    }
  });

  it('transfer a call by a command, to the number, where no answer does it', () => {
    const { transferTo } = context;
    for (const delivery of deliveries) {
      const told = transferTold(delivery, transfer);
      const by = asking.includes(delivery) && transfers[delivery.operation] === undefined;
      const callId = 'callId' in delivery.webhook ? delivery.webhook.callId : '';
      expect(told).toEqual(by ? [{ kind: 'transfer', callId, to: transferTo }] : []);
      expect(transferTold(delivery, context)).toEqual([]);
    }
  });

  it(`transfer to the ${transfersTo} that stands there`, () => {
    expect(adapter.transfersTo).toBe(transfersTo);
    const nobody = { ...transfer, transferTo: null };
    for (const operation of Object.keys(transfers)) {
      expect(adapter.answer(operation, nobody)).toEqual(
        adapter.answer(operation, transfersTo === 'flow' ? transfer : context),
      );
      const named = adapter.answer(operation, transfer).body.includes(bare(context.transferTo));
      expect(named).toBe(transfersTo === 'number');
    }
    for (const delivery of deliveries) expect(transferTold(delivery, nobody)).toEqual([]);
  });
}

/** Some providers write E.164 without its `+`. */
const bare = (number: string | null): string => (number ?? '').replace(/^\+/, '');

function describeCommands(adapter: WebhookAdapter, samples: WebhookSamples): void {
  const { deliveries, commands, context } = samples;

  if (commands === null) {
    it('leave nothing to be told over REST', () => {
      expect(adapter.commands).toBeUndefined();
    });
    return;
  }

  const named = commands.map((sample) => ({ changed: JSON.stringify(sample.context ?? {}), ...sample }));
  it.each(named)('have their commands: $delivery $changed', ({ delivery, context: more, commands: told }) => {
    const { webhook } = deliveries.find(({ name }) => name === delivery)!;
    const given = { ...context, ...more };
    expect(adapter.commands?.(webhook, given)).toEqual(told);
    // whoever runs them does each once, so a repeat has to give the same ones
    expect(adapter.commands?.(structuredClone(webhook), given)).toEqual(told);
  });

  it('have none otherwise', () => {
    const told = new Set(commands.map(({ delivery }) => delivery));
    const others = deliveries.filter(({ name }) => !told.has(name));
    for (const { webhook } of others) expect(adapter.commands?.(webhook, context)).toEqual([]);
    expect(adapter.commands?.({ kind: 'refused', reason: 'x' }, context)).toEqual([]);
  });
}

function describeSigning(adapter: WebhookAdapter, { deliveries, signature }: WebhookSamples): void {
  it(`say whether they are signed: ${adapter.signs}`, () => {
    expect(adapter.signs).toBe(signature !== null);
  });

  if (signature === null) {
    it('never pass for signed', () => {
      for (const { request } of deliveries) expect(adapter.verify(request, ['secret', ''], NOW)).toBe(false);
    });
    return;
  }

  describeSignature((request, secrets, now) => adapter.verify(request, secrets, now), signature);
}
