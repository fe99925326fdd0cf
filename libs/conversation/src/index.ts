export {
  type CallLine,
  type Conversation,
  type LineGranularity,
  type StartConversation,
} from './conversation';
export { startEcho } from './echo';
export {
  type Agent,
  type AgentContext,
  type CallerSpeech,
  type CallerTurn,
  type Interruption,
  type Question,
  type Reply,
  type Then,
} from './agent';
export {
  type OpenDetector,
  type SpeechRecognizer,
  type SpeechSynthesizer,
  type Utterance,
  type VoiceActivityDetector,
} from './speech';
export { Endpointer, type EndpointerSettings, type SpeechEvent } from './endpointer';
export { startTalk, type TalkClock, type TalkPorts } from './talk';
export { COUNTED, DEFAULT_LIMITS, type Counted, type TurnLimits } from './turn-state';
