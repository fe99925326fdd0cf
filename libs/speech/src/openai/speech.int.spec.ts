import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { failOnLeaks } from '@greenroom/testing';
import { s16leFromPcm, writeWav } from '@greenroom/telephony';
import { LocalService } from './local-service';
import { OpenAiSpeech, type OpenAiSpeechOptions } from './speech';

const never = new AbortController().signal;
const constant = (samples: number): Int16Array => new Int16Array(samples).fill(700);
const wav = (samples: Int16Array): Buffer =>
  Buffer.from(writeWav({ sampleRate: 24_000, channels: 1, samples }));

/** of a try: nothing here takes as long on any machine */
const LONG_MS = 20_000;

describe('speech from a service', () => {
  let service: LocalService;
  const speaker = (more: Partial<OpenAiSpeechOptions> = {}) =>
    new OpenAiSpeech({
      baseUrl: service.baseUrl,
      apiKey: 'secret-key',
      model: 'tts-1',
      voice: 'alloy',
      timeoutMs: LONG_MS,
      ...more,
    });
  const say = (speech = speaker(), signal = never, voice?: string) =>
    speech.synthesize({ text: 'Hello "you"', language: 'en', voice }, { sampleRate: 8000, signal });
  const replies = (body: Uint8Array | string, type = 'audio/wav', status = 200) => {
    service.answer = (response) => response.writeHead(status, { 'content-type': type }).end(body);
  };

  beforeEach(async () => {
    service = await LocalService.open();
    replies(wav(constant(2400)));
  });
  afterEach(() => service.close());
  afterAll(() => undefined);
  failOnLeaks();

  it('is asked for as the protocol says, and comes at the rate of the call', async () => {
    expect(await say()).toEqual(constant(800));
    const [{ method, path, headers, body }] = service.asked as [(typeof service.asked)[0]];
    expect([method, path]).toEqual(['POST', '/v1/audio/speech']);
    expect(headers).toMatchObject({ authorization: 'Bearer secret-key', 'content-type': 'application/json' });
    expect(JSON.parse(body.toString())).toEqual({
      model: 'tts-1',
      voice: 'alloy',
      input: 'Hello "you"',
      response_format: 'wav',
    });
  });

  it.each(['', '/', '/v1', '/v1/', '/speech', '/speech/v1/'])(
    'finds its path below the base "%s"',
    async (base) => {
      await say(speaker({ baseUrl: service.baseUrl + base, apiKey: undefined }));
      expect(service.asked[0]?.path).toBe(
        base.startsWith('/speech') ? '/speech/v1/audio/speech' : '/v1/audio/speech',
      );
      expect(service.asked[0]?.headers.authorization).toBeUndefined();
    },
  );

  it('has the voice of the utterance', async () => {
    await say(speaker(), never, 'nova');
    expect(JSON.parse(service.asked[0]?.body.toString() ?? '')).toMatchObject({ voice: 'nova' });
  });

  it('is read from a stream whose header does not know its length', async () => {
    const streamed = wav(constant(2400));
    streamed.writeUInt32LE(0xffffffff, 4);
    streamed.writeUInt32LE(0xffffffff, 40);
    service.answer = (response) => {
      response.writeHead(200, { 'content-type': 'audio/wav' });
      response.write(streamed.subarray(0, 101));
      setTimeout(() => response.end(streamed.subarray(101)), 10);
    };
    expect(await say()).toEqual(constant(800));
  });

  it('may be bare PCM of 24 kHz', async () => {
    replies(s16leFromPcm(constant(2400)), 'audio/pcm');
    expect(await say(speaker({ format: 'pcm' }))).toEqual(constant(800));
    expect(JSON.parse(service.asked[0]?.body.toString() ?? '')).toMatchObject({ response_format: 'pcm' });
  });

  it('is asked for once more after a failure that may pass', async () => {
    service.answer = (response) => {
      if (service.asked.length === 1) response.writeHead(503).end('busy');
      else response.end(wav(constant(2400)));
    };
    expect(await say()).toEqual(constant(800));
  });

  it('is asked for once more when the connection broke', async () => {
    service.answer = (response) => {
      if (service.asked.length === 1) response.destroy();
      else response.end(wav(constant(2400)));
    };
    expect(await say()).toEqual(constant(800));
  });

  it.each<[string, string, number, string, number]>([
    ['{"error":"Hello"}', 'application/json', 401, 'status 401', 1],
    ['Hello', 'text/plain', 500, 'status 500', 2],
    ['Hello', 'text/plain', 429, 'status 429', 2],
    ['{"error":"Hello"}', 'application/json; charset=utf-8', 200, 'an answer of type application/json', 1],
    ['<html>', 'text/html', 200, 'an answer of type text/html', 1],
    ['OggS and so on', 'audio/ogg', 200, 'Not a WAV file: no RIFF/WAVE header', 1],
    ['', 'audio/wav', 200, 'Not a WAV file: no RIFF/WAVE header', 1],
  ])('is none where the service says %j as %s, %i', async (...row) => {
    const [body, type, status, message, asked] = row;
    replies(body, type, status);
    await expect(say()).rejects.toThrow(new Error(message));
    expect(service.asked).toHaveLength(asked);
  });

  it.each(['application/json', 'audio/pcm'])('is no noise where PCM was asked for: %s', async (type) => {
    replies(type === 'audio/pcm' ? '' : '{"error":"Hello"}', type);
    await expect(say(speaker({ format: 'pcm' }))).rejects.toThrow(/^an answer (of type|without audio)/);
  });

  it('is no more than a bounded number of bytes', async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    let sent = 0;
    service.answer = (response) => {
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += 1;
      };
      response.on('drain', more);
      more();
    };
    await expect(say()).rejects.toThrow('more than 16777216 bytes');
    expect(sent).toBeLessThan(64);
  });

  it('is given up in time when the service is frozen, and when it stalls in the middle', async () => {
    for (const begin of [false, true]) {
      service.answer = (response) => void (begin && response.writeHead(200).write('RIFF'));
      await expect(say(speaker({ timeoutMs: 100 }))).rejects.toThrow('timed out');
    }
  });

  it('frees its connection in time, also after a garbage collection', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    service.answer = (response) => void response.writeHead(200).write('RIFF');
    const said = say(speaker({ timeoutMs: 150 }));
    setTimeout(collectGarbage, 100);
    await expect(said).rejects.toThrow('timed out');
    while (service.asked.some(({ socket }) => !socket.destroyed)) await sleep(5);
  });

  it('frees its connection where the answer is a failure that has no end', async () => {
    service.answer = (response) => void response.writeHead(400).write('sorry');
    await expect(say()).rejects.toThrow('status 400');
    while (!service.asked[0]?.socket.destroyed) await sleep(5);
  });

  it('leaves no listener on its signal', async () => {
    const { signal } = new AbortController();
    await say(speaker(), signal);
    service.answer = (response) => response.writeHead(500).end();
    await expect(say(speaker(), signal)).rejects.toThrow('status 500');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('fails at once where nobody listens', async () => {
    const baseUrl = service.baseUrl;
    await service.close();
    await expect(say(speaker({ baseUrl }))).rejects.toThrow('no answer (ECONNREFUSED)');
    service = await LocalService.open();
  });

  it('is not looked for elsewhere', async () => {
    service.answer = (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    await expect(say()).rejects.toThrow('status 302');
    expect(service.asked).toHaveLength(1);
  });

  it('ends at once with its signal, and frees the connection', async () => {
    service.answer = () => undefined;
    const leaving = new AbortController();
    const said = say(speaker(), leaving.signal);
    while (service.asked.length === 0) await sleep(5);
    leaving.abort(new Error('hung up'));
    await expect(said).rejects.toThrow('hung up');
    while (!service.asked[0]?.socket.destroyed) await sleep(5);
    expect(service.asked).toHaveLength(1);
  });

  it('is not asked of something that is no URL', () => {
    expect(() => speaker({ baseUrl: 'localhost' })).toThrow(/Invalid URL/);
  });
});
