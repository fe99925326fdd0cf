import { errorFields, type Logger } from '@greenroom/platform';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from './refusal';

/** Every refusal and every failure becomes an HTTP status with a JSON body here, and one log line. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { status, message } = describe(exception);
    const fields = { status, route: request.routeOptions?.url ?? 'none', method: request.method };
    if (status >= 500) this.logger.error({ ...fields, ...errorFields(exception) }, 'request failed');
    else this.logger.warn({ ...fields, reason: message }, 'request refused');
    if (status === 401) void reply.header('www-authenticate', 'Basic realm="greenroom"');
    if (status === 503) void reply.header('retry-after', '1');
    void reply.status(status).header('content-type', 'application/json').send({ error: { status, message } });
  }
}

const TOO_LARGE = 'The body is larger than 64 KiB.';

function describe(exception: unknown): { status: number; message: string } {
  if (exception instanceof Refusal) return { status: exception.status, message: exception.message };
  if (exception instanceof HttpException) {
    const status = exception.getStatus();
    if (status === 413) return { status, message: TOO_LARGE };
    return { status, message: status === 404 ? 'No such path.' : exception.message };
  }
  const status = fastifyStatus(exception);
  if (status === 413) return { status, message: TOO_LARGE };
  if (status !== null) return { status, message: 'The request is malformed.' };
  return { status: 500, message: 'Internal error.' };
}

/** Fastify's own errors (malformed URL, body too large) carry the status to answer with. */
function fastifyStatus(exception: unknown): number | null {
  if (!(exception instanceof Error) || !('statusCode' in exception)) return null;
  const { statusCode } = exception;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : null;
}
