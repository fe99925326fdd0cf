import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

type Done = (error?: Error) => void;

/**
 * The body of a POST, as the text that came. Fastify's own parsing binds each body to an `AsyncResource`, which takes 12 to
 * 17 µs with Node 20, and nothing here follows asynchronous resources. So to Fastify a POST has no body, and a hook reads
 * it ahead of the handler: same bounds, same errors, in the same order (`handle-request.js` and `content-type-parser.js`
 * of Fastify 5), to which a spec holds it.
 */
export function readBodies(fastify: FastifyInstance, limitBytes: number): void {
  fastify.addHttpMethod('POST', { hasBody: false, overrideExisting: true });
  fastify.addHook('preValidation', (request, reply, done) => {
    if (request.method !== 'POST' || isEmpty(request)) return done();
    if (request.headers['content-type'] !== undefined && request.mediaType === NO_TYPE)
      return done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE());
    readBody(request, limitBytes, orClose(reply, done));
  });
}

/** What Fastify makes of a content type that is none. */
const NO_TYPE = '/';

const isEmpty = ({ headers }: FastifyRequest): boolean =>
  headers['content-type'] === undefined &&
  headers['transfer-encoding'] === undefined &&
  (headers['content-length'] === undefined || headers['content-length'] === '0');

/** Whoever sent what we do not read to its end may go on sending it. */
const orClose =
  (reply: FastifyReply, done: Done): Done =>
  (error) => {
    if (error) void reply.header('connection', 'close');
    done(error);
  };

function readBody(request: FastifyRequest, limitBytes: number, done: Done): void {
  const { raw } = request;
  const announced = Number(request.headers['content-length']);
  if (announced > limitBytes) return done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
  let text = '';
  let bytes = 0;
  const end = (error?: Error): void => {
    raw.off('data', take).off('end', over).off('error', fail);
    request.body = text;
    done(error);
  };
  const take = (chunk: string): void => {
    bytes += Buffer.byteLength(chunk);
    if (bytes > limitBytes) end(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    else text += chunk;
  };
  const over = (): void => {
    // not UTF-8: what stands for a wrong byte is longer than it
    const isAsAnnounced = Number.isNaN(announced) || bytes === announced;
    end(isAsAnnounced ? undefined : new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH());
  };
  const fail = (error: Error): void => end(Object.assign(error, { statusCode: 400 }));
  raw.setEncoding('utf8');
  raw.on('data', take).on('end', over).on('error', fail).resume();
}
