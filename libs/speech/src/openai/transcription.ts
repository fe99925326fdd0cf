import { type SpeechRecognizer } from '@greenroom/conversation';
import { writeWav } from '@greenroom/telephony';
import { z } from 'zod';
import { type OnFault } from '../fault';
import { authorizationOf, endpointOf, post, ServiceFailed, type AudioService } from './request';

export interface OpenAiTranscriptionOptions extends AudioService {
  onFault: OnFault;
  /** ms for one of two tries. Default 4000 */
  timeoutMs?: number | undefined;
  /** ms for all of it: the caller hears nothing meanwhile. Default 6000 */
  budgetMs?: number | undefined;
  /** requests at once, of this recognizer; one for a process. Beyond them the answer is null at once. Default 50 */
  atOnce?: number | undefined;
}

const AnswerSchema = z.object({ text: z.string() });
const LONGEST_BYTES = 64 * 1024;

/**
 * `POST {baseUrl}/v1/audio/transcriptions`, a form of `file` (WAV), `model`, `language` (ISO 639-1) and `response_format`
 * (`json`); the answer is `{text}`.
 * @see https://platform.openai.com/docs/api-reference/audio/createTranscription
 */
export class OpenAiTranscription implements SpeechRecognizer {
  private readonly url: string;
  private underway = 0;

  /** @throws {TypeError} if the base is no URL */
  constructor(private readonly options: OpenAiTranscriptionOptions) {
    this.url = endpointOf(options, 'transcriptions');
  }

  async recognize(
    speech: { pcm: Int16Array; sampleRate: number },
    { language, signal }: { language: string; signal: AbortSignal },
  ): Promise<string | null> {
    signal.throwIfAborted();
    if (speech.pcm.length === 0) return null;
    const { atOnce = 50, onFault } = this.options;
    if (this.underway >= atOnce) {
      onFault('transcription', new ServiceFailed(`${atOnce} requests are under way`, true));
      return null;
    }
    this.underway += 1;
    try {
      return await this.ask(this.formOf(speech, language), signal);
    } catch (error) {
      signal.throwIfAborted();
      onFault('transcription', error);
      return null;
    } finally {
      this.underway -= 1;
    }
  }

  private async ask(body: FormData, signal: AbortSignal): Promise<string> {
    const { timeoutMs = 4000, budgetMs = 6000 } = this.options;
    const limits = { timeoutMs, budgetMs, maxBytes: LONGEST_BYTES };
    const { bytes } = await post(this.url, { headers: authorizationOf(this.options), body }, limits, signal);
    const parsed = AnswerSchema.safeParse(parseJson(bytes));
    // zod's own message may quote the answer, and JSON.parse does
    if (!parsed.success) throw new ServiceFailed('an answer of another shape', false);
    return parsed.data.text.trim();
  }

  private formOf({ pcm, sampleRate }: { pcm: Int16Array; sampleRate: number }, language: string): FormData {
    const form = new FormData();
    const wav = writeWav({ sampleRate, channels: 1, samples: pcm });
    form.append('file', new Blob([wav], { type: 'audio/wav' }), 'speech.wav');
    form.append('model', this.options.model);
    form.append('response_format', 'json');
    const primary = language.toLowerCase().split('-', 1)[0] ?? '';
    // a language without a code of two letters is left to the service to tell
    if (/^[a-z]{2}$/.test(primary)) form.append('language', primary);
    return form;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
