import { type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { failOnLeaks } from '@greenroom/testing';
import { readWav } from '@greenroom/telephony';
import { LocalService, type Asked } from './local-service';
import { OpenAiTranscription, type OpenAiTranscriptionOptions } from './transcription';

const never = new AbortController().signal;
const pcm = Int16Array.from({ length: 1600 }, (_, i) => i);

/** The form, as a server reads it. */
const formOf = ({ headers, body }: Asked): Promise<FormData> =>
  new Response(new Uint8Array(body), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  }).formData();

/** of a try, and of all: nothing here takes as long on any machine */
const LONG_MS = 20_000;

describe('transcription by a service', () => {
  let service: LocalService;
  let faults: string[];
  const recognizer = (more: Partial<OpenAiTranscriptionOptions> = {}) =>
    new OpenAiTranscription({
      baseUrl: service.baseUrl,
      apiKey: 'secret-key',
      model: 'whisper-1',
      timeoutMs: LONG_MS,
      budgetMs: LONG_MS,
      onFault: (where, error) => faults.push(`${where}: ${(error as Error).message}`),
      ...more,
    });
  const recognize = (by = recognizer(), { language = 'en-IN', signal = never, speech = pcm } = {}) =>
    by.recognize({ pcm: speech, sampleRate: 8000 }, { language, signal });
  const replies = (body: string, status = 200) => {
    service.answer = (response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
    const startedAt = performance.now();
    return [await work, performance.now() - startedAt];
  };

  beforeEach(async () => {
    service = await LocalService.open();
    faults = [];
    replies('{"text":" yes, please \\n","usage":{"type":"duration","seconds":1}}');
  });
  afterEach(() => service.close());
  failOnLeaks();

  it('is asked for as the protocol says', async () => {
    expect(await recognize()).toBe('yes, please');
    const [asked] = service.asked as [Asked];
    expect([asked.method, asked.path]).toEqual(['POST', '/v1/audio/transcriptions']);
    expect(asked.headers.authorization).toBe('Bearer secret-key');
    // not in chunks: some servers read no such body
    expect(Number(asked.headers['content-length'])).toBe(asked.body.length);
    const form = await formOf(asked);
    expect([...form.keys()].sort()).toEqual(['file', 'language', 'model', 'response_format']);
    expect([form.get('model'), form.get('language'), form.get('response_format')]).toEqual([
      'whisper-1',
      'en',
      'json',
    ]);
    const file = form.get('file') as File;
    expect([file.name, file.type]).toEqual(['speech.wav', 'audio/wav']);
    expect(readWav(new Uint8Array(await file.arrayBuffer()))).toEqual({
      sampleRate: 8000,
      channels: 1,
      samples: pcm,
    });
  });

  it.each([
    ['hi', 'hi'],
    ['HI-Deva-IN', 'hi'],
    ['kok-IN', null],
    ['und', null],
  ])('is in the language %s, told as %s', async (language, told) => {
    await recognize(recognizer(), { language });
    expect((await formOf(service.asked[0]!)).get('language')).toBe(told);
  });

  it('may be of nothing that was said', async () => {
    replies('{"text":""}');
    expect(await recognize()).toBe('');
  });

  it('is null for no audio, and nobody is asked', async () => {
    expect(await recognize(recognizer(), { speech: new Int16Array(0) })).toBeNull();
    expect([service.asked, faults]).toEqual([[], []]);
  });

  it.each([500, 429])('is asked for once more after %i', async (status) => {
    service.answer = (response) => {
      if (service.asked.length === 1) response.writeHead(status).end();
      else response.end('{"text":"yes"}');
    };
    expect(await recognize()).toBe('yes');
    expect(await Promise.all(service.asked.map(async (asked) => (await formOf(asked)).get('model')))).toEqual(
      ['whisper-1', 'whisper-1'],
    );
  });

  it.each<[string, number, string, number]>([
    ['{"error":{"message":"bad words"}}', 400, 'status 400', 1],
    ['bad words', 503, 'status 503', 2],
    ['bad words', 200, 'an answer of another shape', 1],
    ['{"text":["bad words"]}', 200, 'an answer of another shape', 1],
    ['bad words '.repeat(7000), 200, 'an answer of more than 65536 bytes', 1],
  ])('is null for the answer %j with %i, and no words are told of', async (body, status, message, asked) => {
    replies(body, status);
    expect(await recognize()).toBeNull();
    expect(faults).toEqual([`transcription: ${message}`]);
    expect(service.asked).toHaveLength(asked);
  });

  it('is null in time when the service is frozen, and when it stalls in the middle', async () => {
    for (const begin of [false, true]) {
      service.answer = (response) => void (begin && response.writeHead(200).write('{"text":'));
      expect(await recognize(recognizer({ timeoutMs: 200 }))).toBeNull();
    }
    expect(faults).toEqual(['transcription: timed out', 'transcription: timed out']);
  });

  it('ends with its budget, however often it may be tried', async () => {
    service.answer = () => undefined;
    const [words, ms] = await timed(recognize(recognizer({ budgetMs: 500 })));
    expect(words).toBeNull();
    // by its budget, and not by the time that a try may take
    expect(ms).toBeLessThan(LONG_MS / 2);
    expect(service.asked).toHaveLength(1);
  });

  it('is null where nobody listens', async () => {
    const baseUrl = service.baseUrl;
    await service.close();
    expect(await recognize(recognizer({ baseUrl }))).toBeNull();
    expect(faults).toEqual(['transcription: no answer (ECONNREFUSED)']);
    service = await LocalService.open();
  });

  it('is null at once when as many as may be are under way', async () => {
    const held: ServerResponse[] = [];
    service.answer = (response) => held.push(response);
    const by = recognizer({ atOnce: 2 });
    const waiting = [recognize(by), recognize(by)];
    expect(await recognize(by)).toBeNull();
    expect(faults).toEqual(['transcription: 2 requests are under way']);
    while (held.length < 2) await sleep(5);
    held.forEach((response) => response.end('{"text":"yes"}'));
    expect(await Promise.all(waiting)).toEqual(['yes', 'yes']);
    replies('{"text":"again"}');
    expect(await recognize(by)).toBe('again');
  });

  it('ends at once with its signal, frees the connection, and is no fault', async () => {
    service.answer = () => undefined;
    const leaving = new AbortController();
    const by = recognizer({ atOnce: 1 });
    const words = recognize(by, { signal: leaving.signal });
    while (service.asked.length === 0) await sleep(5);
    leaving.abort(new Error('hung up'));
    await expect(words).rejects.toThrow('hung up');
    while (!service.asked[0]?.socket.destroyed) await sleep(5);
    expect([faults, service.asked.length]).toEqual([[], 1]);
    replies('{"text":"next"}');
    expect(await recognize(by)).toBe('next');
  });

  it('is not asked for by one who has gone', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(recognize(recognizer(), { signal })).rejects.toThrow('gone');
    expect(service.asked).toHaveLength(0);
  });
});
