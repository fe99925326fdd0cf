import { type SpeechSynthesizer, type Utterance } from '@greenroom/conversation';
import { resample, s16leToPcm } from '@greenroom/telephony';
import { wavSamples } from '../wav-samples';
import { authorizationOf, endpointOf, post, ServiceFailed, type Answer, type AudioService } from './request';

export interface OpenAiSpeechOptions extends AudioService {
  /** of utterances that name none */
  voice: string;
  /** `wav` tells its own rate; `pcm` is 24 kHz, 16 bit, little endian. Default `wav` */
  format?: 'wav' | 'pcm' | undefined;
  /** ms for one of two tries. Default 10,000: an answer that comes too late for one caller is there for the next */
  timeoutMs?: number | undefined;
}

const PCM_RATE = 24_000;
/** 5.8 minutes at 24 kHz; the longest text, 4096 characters, takes five. */
const LONGEST_BYTES = 16 * 1024 * 1024;

/**
 * `POST {baseUrl}/v1/audio/speech` with `{model, voice, input, response_format}`; the answer is the audio.
 * A WAV answer is streamed, with lengths of 0xffffffff in its header.
 * @see https://platform.openai.com/docs/api-reference/audio/createSpeech
 */
export class OpenAiSpeech implements SpeechSynthesizer {
  private readonly url: string;

  /** @throws {TypeError} if the base is no URL */
  constructor(private readonly options: OpenAiSpeechOptions) {
    this.url = endpointOf(options, 'speech');
  }

  /** @throws {ServiceFailed} if the service does not answer with audio */
  async synthesize(
    { text, voice }: Utterance,
    { sampleRate, signal }: { sampleRate: number; signal: AbortSignal },
  ): Promise<Int16Array> {
    const { model, format = 'wav', timeoutMs = 10_000 } = this.options;
    const answer = await post(
      this.url,
      {
        headers: { 'content-type': 'application/json', ...authorizationOf(this.options) },
        body: JSON.stringify({
          model,
          voice: voice ?? this.options.voice,
          input: text,
          response_format: format,
        }),
      },
      { timeoutMs, budgetMs: 2 * timeoutMs, maxBytes: LONGEST_BYTES },
      signal,
    );
    return samplesOf(answer, format, sampleRate);
  }
}

function samplesOf({ contentType, bytes }: Answer, format: 'wav' | 'pcm', sampleRate: number): Int16Array {
  // any bytes are PCM: an error message would be noise in the caller's ear
  if (contentType === 'application/json' || contentType.startsWith('text/')) {
    throw new ServiceFailed(`an answer of type ${contentType}`, false);
  }
  if (format === 'wav') return wavSamples(bytes, sampleRate);
  const samples = s16leToPcm(bytes);
  if (samples.length === 0) throw new ServiceFailed('an answer without audio', false);
  return resample(samples, PCM_RATE, sampleRate);
}
