import type { SpeechRecognizer } from '@greenroom/conversation';
import {
  createSynthesizer,
  OpenAiTranscription,
  type ClosableSynthesizer,
  type OnFault,
} from '@greenroom/speech';
import type { GatewayConfig } from './config';

export interface SpeechServices {
  synthesizer: ClosableSynthesizer;
  /** null: none is configured */
  recognizer: SpeechRecognizer | null;
}

/** What speaks and what understands, by the settings. */
export function speechServices(config: GatewayConfig, onFault: OnFault): SpeechServices {
  return {
    synthesizer: createSynthesizer({
      onFault,
      promptDirectory: config.DIALOGUES_DIR,
      voice: config.VOICE,
      service: config.SPEECH_URL
        ? {
            baseUrl: config.SPEECH_URL,
            apiKey: config.SPEECH_API_KEY,
            model: config.SPEECH_MODEL,
            voice: config.SPEECH_VOICE,
            budgetMs: config.SPEECH_BUDGET_MS,
          }
        : undefined,
    }),
    recognizer: config.TRANSCRIPTION_URL
      ? new OpenAiTranscription({
          onFault,
          baseUrl: config.TRANSCRIPTION_URL,
          apiKey: config.TRANSCRIPTION_API_KEY,
          model: config.TRANSCRIPTION_MODEL,
          // of two tries: the first may take most of the budget, whatever that is
          timeoutMs: (config.TRANSCRIPTION_BUDGET_MS * 2) / 3,
          budgetMs: config.TRANSCRIPTION_BUDGET_MS,
        })
      : null,
  };
}
