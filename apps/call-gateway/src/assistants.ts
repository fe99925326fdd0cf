import type { Session, Turn } from '@greenroom/contracts';
import {
  DEFAULT_LIMITS,
  startEcho,
  startTalk,
  type Agent,
  type CallLine,
  type Conversation,
  type OpenDetector,
} from '@greenroom/conversation';
import { scriptedAgent, type Dialogue } from '@greenroom/dialogue';
import { errorFields, systemClock, type Account, type Logger } from '@greenroom/platform';
import { loadDetectors } from '@greenroom/speech';
import type { GatewayConfig } from './config';
import { loadDialogues } from './dialogues';
import type { GatewayMetrics } from './gateway-metrics';
import { speechServices, type SpeechServices } from './speech-services';

/** What one conversation tells of itself. */
export interface ConversationHooks {
  record: (turn: Turn) => void;
  logger: Logger;
}

/** A cap comes with notice: a call that is ended in order is not cut off. */
const NOTICE_MS = 10_000;
const EXCUSE = { text: 'Sorry, something went wrong on our side. Goodbye.', language: 'en' };
/** Rate of telephone lines, for which the sentences that do not change are prepared. */
const PREPARED_HZ = 8000;

/** Whoever speaks with the callers, chosen by the account. */
export class Assistants {
  private readonly speech: SpeechServices;
  private readonly agents = new Map<string, Agent>();
  private readonly dialogues: ReadonlyMap<string, Dialogue>;
  /** has somebody a voice for this language? The built-in one speaks English. */
  private readonly speaks: (language: string) => boolean;
  private openDetector: OpenDetector | null = null;
  private readonly closing = new AbortController();

  /** @throws {ConfigError} if a dialogue is missing or wrong */
  constructor(
    private readonly config: GatewayConfig,
    private readonly ports: { logger: Logger; metrics: GatewayMetrics },
  ) {
    this.speaks = (language) => config.SPEECH_URL !== undefined || /^en\b/i.test(language);
    this.dialogues = loadDialogues(config.accounts, config.DIALOGUES_DIR, this.speaks);
    for (const [file, dialogue] of this.dialogues)
      this.agents.set(file, scriptedAgent(dialogue, this.speaks));
    this.speech = speechServices(config, (where, error) => {
      ports.metrics.speechFaults.inc({ where });
      ports.logger.warn({ ...errorFields(error), where }, 'speech service failed, going on without it');
    });
  }

  async open(): Promise<void> {
    this.openDetector = await loadDetectors();
    void this.prepare();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.speech.synthesizer.close();
  }

  converse(account: Account, line: CallLine, session: Session, hooks: ConversationHooks): Conversation {
    const { agent: chosen } = account;
    if (chosen === 'echo') return startEcho()(line, session);
    if ('echo' in chosen) return startEcho(chosen.echo)(line, session);
    const agent = this.agents.get(chosen.script);
    if (!agent || !this.openDetector) throw new Error('The assistants are not open.');
    return this.talk(agent, this.openDetector, hooks)(line, session);
  }

  private talk(agent: Agent, openDetector: OpenDetector, { record, logger }: ConversationHooks) {
    const { config } = this;
    const { metrics } = this.ports;
    const longestMs = config.MAX_CALL_SECONDS * 1000;
    return startTalk({
      ...{ agent, openDetector, clock: systemClock, unixNow: Date.now, excuse: EXCUSE },
      synthesizer: this.speech.synthesizer,
      recognizer: this.speech.recognizer,
      limits: {
        ...DEFAULT_LIMITS,
        callMs: longestMs - Math.min(NOTICE_MS, longestMs / 10),
        thinkMs: config.REPLY_TIMEOUT_MS,
        markMarginMs: config.MARK_MARGIN_MS,
      },
      record: (turn) => {
        metrics.turns.inc({ who: turn.who, ended: turn.endedBy });
        // what was said stays out of the log
        const { number, who, endedBy, step, heardMs, lengthMs, speechMs } = turn;
        logger.debug({ number, who, endedBy, step, heardMs, lengthMs, speechMs }, 'turn');
        record(turn);
      },
      onCounted: (what) => {
        metrics.talk.inc({ what });
        logger.info({ what }, 'turn-taking');
      },
      onFault: (error) => logger.error(errorFields(error), 'assistant failed'),
    });
  }

  /** The first caller need not wait for sentences that every caller hears. */
  private async prepare(): Promise<void> {
    const { signal } = this.closing;
    const utterances = [...this.dialogues.values()]
      .flatMap((dialogue) => dialogue.utterances())
      .filter(({ language, audioFile }) => audioFile !== undefined || this.speaks(language));
    for (const utterance of [EXCUSE, ...utterances]) {
      if (signal.aborted) return;
      // said again when it is needed, and told of then
      await this.speech.synthesizer
        .synthesize(utterance, { sampleRate: PREPARED_HZ, signal })
        .catch(() => undefined);
    }
  }
}
