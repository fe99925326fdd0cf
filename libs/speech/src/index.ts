export { createSynthesizer, type ClosableSynthesizer, type SynthesizerOptions } from './create-synthesizer';
export { loadDetectors, type DetectorMode } from './detector';
export { type OnFault } from './fault';
export { FLITE_VOICES, FliteSynthesizer, type FliteOptions, type FliteVoice } from './flite/synthesizer';
export { CachedSynthesizer } from './cached-synthesizer';
export { SampleCache } from './sample-cache';
export { WavFiles, WavPrompts } from './wav-prompts';
export {
  FallbackSynthesizer,
  type EmbeddedSynthesizer,
  type FallbackOptions,
  type RememberingSynthesizer,
} from './fallback-synthesizer';
export { OpenAiSpeech, type OpenAiSpeechOptions } from './openai/speech';
export { OpenAiTranscription, type OpenAiTranscriptionOptions } from './openai/transcription';
export { ServiceFailed, type AudioService } from './openai/request';
export { type Clock } from './clock';
