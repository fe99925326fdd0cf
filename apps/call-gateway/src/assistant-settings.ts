import { setting } from '@greenroom/platform';
import { FLITE_VOICES } from '@greenroom/speech';
import { z } from 'zod';

const text = z.string().min(1);
const service = setting.url('http:', 'https:').optional();

/** Settings of what speaks with the caller. */
export const assistantSettings = {
  DIALOGUES_DIR: text
    .default('dialogues')
    .describe('folder of the dialogues that accounts name, and of the WAV files that those name'),
  MARK_MARGIN_MS: setting
    .milliseconds(1500)
    .describe('a mark that has not come back so long after its audio must have been played counts as lost'),
  REPLY_TIMEOUT_MS: setting
    .milliseconds(20_000)
    .describe('an assistant that has no reply by then, audio included, excuses itself and hangs up'),
  VOICE: z
    .enum(FLITE_VOICES)
    .default('slt')
    .describe('voice of the built-in synthesizer; kal is the fastest, the others are easier to understand'),
  SPEECH_URL: service.describe(
    'service that speaks, OpenAI-compatible (`/v1/audio/speech`); without it the built-in voice speaks',
  ),
  SPEECH_API_KEY: text.optional().describe('its key, where it wants one'),
  SPEECH_MODEL: text.default('tts-1').describe('its model'),
  SPEECH_VOICE: text.default('alloy').describe('its voice'),
  SPEECH_BUDGET_MS: setting
    .milliseconds(1500)
    .describe('a sentence that it has not spoken by then is spoken by the built-in voice'),
  TRANSCRIPTION_URL: service.describe(
    'service that understands speech, OpenAI-compatible (`/v1/audio/transcriptions`); without it speech has no words',
  ),
  TRANSCRIPTION_API_KEY: text.optional().describe('its key, where it wants one'),
  TRANSCRIPTION_MODEL: text.default('whisper-1').describe('its model'),
  TRANSCRIPTION_BUDGET_MS: setting
    .milliseconds(6000)
    .describe('speech that it has not understood by then, retries included, counts as speech without words'),
  RECORDINGS_DIR: text
    .optional()
    .describe('folder for a stereo WAV file of each call, caller left; without it nothing is recorded'),
};
