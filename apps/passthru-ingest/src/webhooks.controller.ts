import { headersAsTheyCame } from '@greenroom/platform';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { receiveWebhook, type WebhookPorts } from './receive-webhook';
import { Refusal } from './refusal';

export const WEBHOOK_PORTS = Symbol('WebhookPorts');

interface Route {
  provider: string;
  account: string;
  operation: string;
  token?: string;
}

@Controller('webhooks')
export class WebhooksController {
  constructor(@Inject(WEBHOOK_PORTS) private readonly ports: WebhookPorts) {}

  @All([':provider/:account/:operation', ':provider/:account/:operation/:token'])
  async receive(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // not by @Param, for whose pipes Nest makes several promises a request: there are none
    const { provider, account, operation, token } = request.params as Route;
    if (request.method !== 'GET' && request.method !== 'POST') throw new Refusal(405, 'Use GET or POST.');
    const answer = await receiveWebhook(
      {
        provider,
        account,
        operation,
        pathToken: token,
        remoteAddress: request.ip,
        request: {
          method: request.method,
          url: this.ports.publicBaseUrl + request.url,
          headers: headersAsTheyCame(request.raw),
          body: typeof request.body === 'string' ? request.body : '',
        },
      },
      this.ports,
    );
    await reply.status(answer.status).header('content-type', answer.contentType).send(answer.body);
  }
}
