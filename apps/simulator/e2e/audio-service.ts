import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readWav, writeWav, type Wav } from '@greenroom/telephony';
import { BABBLE_HZ } from './babble';

export interface AudioBehaviour {
  /** what is understood of each request; null: it is never answered */
  words: string | null;
  /** what is said instead of any text, at the rate of the lines */
  speech: Int16Array;
  /** ms until it is said */
  speechAfterMs: number;
}

/** A service that speaks the protocol of OpenAI's audio endpoints, and keeps what it was sent. */
export class AudioService {
  readonly heard: Wav[] = [];
  readonly said: string[] = [];
  private readonly server: Server;

  private constructor(private readonly behaviour: AudioBehaviour) {
    this.server = createServer((request, response) => {
      // whoever has hung up meanwhile does not want an answer
      void this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async open(behaviour: AudioBehaviour): Promise<AudioService> {
    const service = new AudioService(behaviour);
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = new Response(await bodyOf(request), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    });
    if (request.url === '/v1/audio/transcriptions') {
      this.heard.push(await fileIn(await body.formData()));
      const { words } = this.behaviour;
      if (words !== null)
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ text: words }));
      return;
    }
    const { input } = (await body.json()) as { input: string };
    this.said.push(input);
    const { speech, speechAfterMs } = this.behaviour;
    await sleep(speechAfterMs, undefined, { ref: false });
    const wav = writeWav({ samples: speech, sampleRate: BABBLE_HZ, channels: 1 });
    response.setHeader('content-type', 'audio/wav').end(wav);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function fileIn(form: FormData): Promise<Wav> {
  const file = form.get('file');
  if (!(file instanceof Blob) || !form.get('model')) throw new Error('This is not a request for words.');
  return readWav(new Uint8Array(await file.arrayBuffer()));
}
