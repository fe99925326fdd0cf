import { AnnouncementSchema, CallKeySchema } from '@greenroom/contracts';
import { CallRecords } from '@greenroom/entities';
import { hasApiKey } from '@greenroom/platform';
import { Controller, Get, Headers, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { announceSession } from './announce-session';
import { streamUrl } from './answer-context';
import type { WebhookPorts } from './receive-webhook';
import { Refusal } from './refusal';
import { WEBHOOK_PORTS } from './webhooks.controller';

export const API_KEYS = Symbol('ApiKeys');

/** For systems of your own: announce a call that you place yourself, and look a call up. */
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    @Inject(WEBHOOK_PORTS) private readonly ports: WebhookPorts,
    @Inject(API_KEYS) private readonly apiKeys: readonly string[],
    @Inject(CallRecords) private readonly records: CallRecords,
  ) {}

  /** 201 where the call was new, 200 where it was known: then nothing has changed. */
  @Post()
  async announce(
    @Headers('authorization') authorization: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.checkKey(authorization);
    const announcement = parse(AnnouncementSchema, json(request.body));
    const account = this.ports.accounts.find(announcement.provider, announcement.account);
    if (!account) {
      throw new Refusal(400, 'provider, account: no such provider account is configured.');
    }
    // it carries all that is needed: the CRM is not asked
    const { session, changed, late } = await announceSession(announcement, { pending: false }, this.ports);
    await reply.status(changed ? 201 : 200).send({
      ...{ session, changed, late },
      // for whoever writes the provider's answer itself
      streamUrl: streamUrl(account, announcement.callId, this.ports),
    });
  }

  @Get(':provider/:account/:callId')
  async read(
    @Headers('authorization') authorization: string | undefined,
    @Param() key: unknown,
  ): Promise<unknown> {
    this.checkKey(authorization);
    const record = await this.records.read(parse(CallKeySchema, key)).catch(() => {
      throw new Refusal(503, 'The database cannot be reached. Try again soon.');
    });
    if (!record) throw new Refusal(404, 'No such call.');
    return record;
  }

  private checkKey(authorization: string | undefined): void {
    if (!hasApiKey(authorization, this.apiKeys)) {
      throw new Refusal(401, 'Send one of the keys in API_KEYS as "Authorization: Bearer KEY".');
    }
  }
}

function json(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : '');
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
}

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    400,
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  );
}
