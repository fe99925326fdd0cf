import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { readBodies } from './read-body';

const MAX_BODY_BYTES = 65_536;
const NO_QUERY = Object.freeze({});

/**
 * HTTP that gives up on slow and oversized requests, and keeps every body as the text that came, whatever type it says it
 * is of: signatures cover its bytes.
 */
export function httpAdapter(config: { TRUSTED_PROXIES: string[] }): FastifyAdapter {
  const adapter = new FastifyAdapter({
    // nothing here is middleware, which another spelling of a path might get around
    skipMiddie: true,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 10_000,
    // longer than a load balancer's: it must never reuse a connection that we are just closing
    keepAliveTimeout: 75_000,
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
    http: { headersTimeout: 5000, connectionsCheckingInterval: 1000 },
    forceCloseConnections: 'idle',
    routerOptions: {
      maxParamLength: 512,
      // nobody asks for it: the adapters read the query themselves, as it came
      querystringParser: () => NO_QUERY,
    },
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => {
      void reply.status(400).send({ error: { status: 400, message: 'The URL is malformed.' } });
    },
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  readBodies(fastify, MAX_BODY_BYTES);
  return adapter;
}
