import { Readable } from 'node:stream';
import { fastify, type FastifyInstance, type InjectOptions } from 'fastify';
import { readBodies } from './read-body';

const LIMIT = 64;

/** Tells what it was given as body. */
async function open(read: (instance: FastifyInstance) => void): Promise<FastifyInstance> {
  const instance = fastify({ bodyLimit: LIMIT });
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  read(instance);
  instance.all('/hook', (request, reply) => reply.send({ text: request.body ?? '' }));
  await instance.ready();
  return instance;
}

let ours: FastifyInstance;
let fastifys: FastifyInstance;
beforeAll(async () => {
  ours = await open((instance) => readBodies(instance, LIMIT));
  fastifys = await open(() => undefined);
});
afterAll(() => Promise.all([ours.close(), fastifys.close()]));

async function answerOf(instance: FastifyInstance, request: InjectOptions) {
  const payload =
    typeof request.payload === 'function' ? (request.payload as () => Readable)() : request.payload;
  const { statusCode, headers, body } = await instance.inject({ ...request, payload } as InjectOptions);
  return { statusCode, connection: headers['connection'], body };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const pieces = (...parts: (string | Buffer)[]) => (() => Readable.from(parts)) as unknown as string;
const [half, otherHalf] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];

describe('the body of a request', () => {
  it.each<[string, number, InjectOptions]>([
    ['a form', 200, { payload: 'a=1&b=%20', headers: FORM }],
    ['text of more than one byte a letter', 200, { payload: 'ß 😀', headers: FORM }],
    ['a letter in two pieces', 200, { payload: pieces('x', half, otherHalf, 'y'), headers: FORM }],
    ['as long as it may be', 200, { payload: 'x'.repeat(LIMIT), headers: FORM }],
    ['too long', 413, { payload: 'x'.repeat(LIMIT + 1), headers: FORM }],
    ['too long in bytes', 413, { payload: 'ß'.repeat(LIMIT), headers: FORM }],
    ['too long, of no announced length', 413, { payload: pieces('x'.repeat(LIMIT), 'x'), headers: FORM }],
    ['not UTF-8', 400, { payload: Buffer.from([0x61, 0xff]), headers: FORM }],
    ['not UTF-8, of no announced length', 200, { payload: pieces(Buffer.from([0x61, 0xff])), headers: FORM }],
    ['longer than announced', 400, { payload: 'a=1', headers: { ...FORM, 'content-length': '2' } }],
    ['shorter than announced', 400, { payload: 'a=1', headers: { ...FORM, 'content-length': '4' } }],
    ['nothing', 200, {}],
    ['nothing of a type', 200, { headers: FORM }],
    ['nothing of a type that is none', 415, { headers: { 'content-type': 'form' } }],
    ['of a type that is none', 415, { payload: 'a=1', headers: { 'content-type': 'form' } }],
    ['of an odd type', 200, { payload: '{', headers: { 'content-type': 'application/json;;=' } }],
    ['of no type', 200, { payload: Buffer.from('a=1') }],
    ['for nobody', 404, { url: '/elsewhere', payload: 'a=1', headers: FORM }],
    ['for nobody, too long', 413, { url: '/elsewhere', payload: 'x'.repeat(LIMIT + 1), headers: FORM }],
    ['of a PUT', 200, { method: 'PUT', payload: 'a=1', headers: FORM }],
    ['of a GET', 200, { method: 'GET', payload: 'a=1', headers: FORM }],
  ])('is what Fastify makes of it: %s', async (_, status, given) => {
    const request = { method: 'POST', url: '/hook', ...given } as const;
    const answer = await answerOf(ours, request);
    expect(answer).toEqual(await answerOf(fastifys, request));
    expect(answer.statusCode).toBe(status);
  });

  it('that breaks off is refused as Fastify does', async () => {
    const broken = () =>
      new Readable({
        read() {
          this.destroy(new Error('broken off'));
        },
      });
    const request = { method: 'POST', url: '/hook', headers: FORM, payload: broken as never } as const;
    const answers = [ours, fastifys].map((instance) =>
      answerOf(instance, request).catch((error: Error) => error.message),
    );
    const [own, theirs] = await Promise.all(answers);
    expect(own).toEqual(theirs);
  });
});
