import { EchoLoss } from './echo-loss';
import { type VoiceActivityDetector } from './speech';

/** dB by which a sound has to be louder than the echo may be, to be no echo. */
const ABOVE_ECHO_DB = 6;
/** Echo comes up to 250 ms late; the rest is for the provider's own buffers, of which we know nothing. */
const ECHO_TAIL_MS = 700;
/** Below this it is the noise of the line, whatever the detector says. */
const FLOOR_DB = -55;
/** The detector lets go about 120 ms late; a frame so far below the loudest of late is no voice any more. */
const RANGE_DB = 30;
/** How fast the memory of the loudest frame fades. */
const FADE_DB_A_SECOND = 6;

/** Level of samples in dB below full scale; silence is -100. */
export function levelOf(samples: Int16Array): number {
  let sum = 0;
  // by index: an iterator takes three times as long
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] as number;
    sum += sample * sample;
  }
  const rms = Math.sqrt(sum / Math.max(1, samples.length)) / 32768;
  return rms === 0 ? -100 : Math.max(-100, 20 * Math.log10(rms));
}

/**
 * Says of each frame of the caller whether the caller's voice is in it. The detector alone hears a voice also in the
 * assistant's own words that the line echoes, and for a while after the last word; levels tell these apart.
 */
export class VoiceGate {
  private readonly played: { until: number; level: number }[] = [];
  private readonly echoLoss = new EchoLoss();
  private loudest = -100;

  constructor(
    private readonly detector: VoiceActivityDetector,
    private readonly sampleRate: number,
  ) {}

  /**
   * What the line plays from `at` on, by the clock in ms: kept as its level, window by window.
   */
  playing(pcm: Int16Array, at: number): void {
    const window = Math.round(this.sampleRate / 10);
    for (let start = 0; start < pcm.length; start += window) {
      const samples = pcm.subarray(start, start + window);
      const until = at + ((start + samples.length) / this.sampleRate) * 1000;
      this.played.push({ until, level: levelOf(samples) });
    }
  }

  /** What has not been played by then never will be. */
  cleared(now: number): void {
    while ((this.played.at(-1)?.until ?? now) > now + 200) this.played.pop();
  }

  isVoice(frame: Int16Array, now: number): boolean {
    const voice = this.detector.isVoice(frame);
    const level = levelOf(frame);
    const played = this.playedAt(now);
    const echo = played - this.echoLoss.db + ABOVE_ECHO_DB;
    this.echoLoss.learn(played, level, (frame.length / this.sampleRate) * 1000);
    this.loudest -= (FADE_DB_A_SECOND * frame.length) / this.sampleRate;
    if (!voice || level < FLOOR_DB || level < echo) return false;
    this.loudest = Math.max(this.loudest, level);
    return level > this.loudest - RANGE_DB;
  }

  /** The loudest of what is played now or was a moment ago: what an echo may be of. */
  private playedAt(now: number): number {
    while ((this.played[0]?.until ?? now) < now - ECHO_TAIL_MS) this.played.shift();
    let loudest = -100;
    for (const { until, level } of this.played) {
      if (until > now + 200) break;
      loudest = Math.max(loudest, level);
    }
    return loudest;
  }
}
