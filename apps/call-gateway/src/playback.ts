import {
  AudioScratch,
  encodeAudio,
  silence,
  type AudioFormat,
  type MediaCodec,
  type OutboundRule,
  type WireMessage,
} from '@greenroom/telephony';
import { ByteQueue } from './byte-queue';
import { bytesPerMs } from './bytes-per-ms';
import { InFlight } from './in-flight';
import type { Alarm, Ticker } from './ticker';

export interface PlaybackPorts {
  codec: MediaCodec;
  format: AudioFormat;
  rule: OutboundRule;
  ticker: Ticker;
  /** false: the line is gone or stuck, nothing more is worth sending */
  send: (message: WireMessage) => boolean;
  /** how far ahead of real time audio is sent, ms */
  leadMs: number;
  /** told of each message and of each clear; for a recording */
  watch?: PlaybackWatch | undefined;
}

export interface PlaybackWatch {
  /**
   * @param bytes only as long as this call lasts
   * @param at clock time at which the caller begins to hear it, as far as time can tell
   */
  sent(bytes: Uint8Array, at: number): void;
  /** @param from clock time from which on nothing that was sent is heard any more */
  cleared(from: number): void;
}

/** What has its turn when all audio that was queued before it has had its own. */
type Cue = { kind: 'mark'; after: number; name: string } | { kind: 'end'; after: number; run: () => void };

/** Of all calls, for what is copied at once: see `play`. */
const SCRATCH = new AudioScratch();

/** A step of the pump that leaves nothing to wait for. */
const AT_ONCE = -Infinity;

/**
 * Sends audio as the provider wants it: in messages of its size, paced against absolute deadlines, never more than
 * the lead ahead of what has been played. So a long prompt can be cut at any moment, and a late timer is made up for
 * by the next one. Whatever is shorter than a message waits for more, or for a mark, an end, or a pause behind it.
 */
export class Playback {
  private readonly audio: ByteQueue;
  /** marks and ends, each after so many bytes of all audio */
  private cues: Cue[] = [];
  /** clock time at which everything sent so far will have been played */
  private playedUntil = 0;
  private readonly inFlight = new InFlight();
  private readonly alarm: Alarm;
  private lastAudioAt = 0;
  private stopped = false;
  /** a turn of the pump is due in a microtask */
  private awake = false;
  private readonly bytesPerMs: number;
  private readonly bytesPerSample: number;
  /** of one message */
  private readonly size: number;
  /** after so long without audio there is a pause */
  private readonly pauseMs: number;
  /** all messages have the one size: what is said next changes nothing about the next message */
  private readonly fixed: boolean;

  constructor(private readonly ports: PlaybackPorts) {
    const { format, rule, ticker } = ports;
    this.bytesPerMs = bytesPerMs(format);
    this.bytesPerSample = format.encoding === 'mulaw' ? 1 : 2;
    this.size = rule.messageBytes(format);
    this.pauseMs = (2 * this.size) / this.bytesPerMs;
    this.fixed = rule.multipleOf >= this.size;
    this.audio = new ByteQueue(this.size);
    this.alarm = ticker.alarm(this.pump);
  }

  play(pcm: Int16Array): void {
    if (this.stopped) return;
    const { format, ticker } = this.ports;
    const now = ticker.now();
    this.lastAudioAt = now;
    // the queue copies what is shorter than a message, so that needs no room of its own
    const short = pcm.length * this.bytesPerSample < this.size;
    this.audio.add(short ? encodeAudio(format, pcm, SCRATCH) : encodeAudio(format, pcm));
    if (this.isDecided) this.turn(now);
    else this.wake();
  }

  mark(name: string): void {
    this.add({ kind: 'mark', after: this.audio.added, name });
  }

  /** Runs when everything queued before has been played, as far as time can tell. */
  whenPlayed(run: () => void): void {
    this.add({ kind: 'end', after: this.audio.added, run });
  }

  clear(): void {
    const { ticker, rule, codec } = this.ports;
    const now = ticker.now();
    this.audio.clear();
    this.cues = this.cues.filter(({ kind }) => kind === 'end');
    this.playedUntil = rule.clearCutsMessage ? now : (this.inFlight.endAfter(now) ?? now);
    this.inFlight.clear();
    this.ports.watch?.cleared(this.playedUntil);
    this.ports.send(codec.encodeClear());
    this.pump();
  }

  /** Nothing is sent any more, and no alarm is left. */
  stop(): void {
    this.stopped = true;
    this.audio.clear();
    this.cues = [];
    this.alarm.cancel();
  }

  private add(cue: Cue): void {
    if (this.stopped) return;
    this.cues.push(cue);
    this.wake();
  }

  /** Not at once: a mark that is queued in the same turn belongs to this audio. */
  private wake(): void {
    if (this.awake) return;
    this.awake = true;
    queueMicrotask(this.pump);
  }

  /** Is it sure what is to be done now, whatever else is queued in this turn? So live audio waits for nothing. */
  private get isDecided(): boolean {
    return !this.awake && this.cues.length === 0 && (this.fixed || this.available < this.size);
  }

  /** bytes of audio that come next, up to a mark or an end */
  private get available(): number {
    return (this.cues[0]?.after ?? this.audio.added) - this.audio.taken;
  }

  private readonly pump = (): void => {
    this.awake = false;
    this.turn(this.ports.ticker.now());
  };

  /** Does what is due, and is called again when there is more. */
  private turn(now: number): void {
    let next = AT_ONCE;
    while (next === AT_ONCE && !this.stopped) next = this.step(now);
    if (this.stopped) return;
    if (next === Infinity) this.alarm.cancel();
    else this.alarm.set(next);
  }

  /** Does the next thing, if it is its time. @returns clock time of the next look; Infinity: there is nothing to do */
  private step(now: number): number {
    const { available } = this;
    if (available > 0) return this.sendAudio(available, now);
    const cue = this.cues[0];
    if (!cue) return Infinity;
    if (cue.kind === 'end' && this.playedUntil > now) return this.playedUntil;
    this.cues.shift();
    if (cue.kind === 'end') cue.run();
    else if (!this.ports.send(this.ports.codec.encodeMark(cue.name))) this.stop();
    return AT_ONCE;
  }

  private sendAudio(available: number, now: number): number {
    const closed = this.cues.length > 0;
    const pauseAt = this.lastAudioAt + this.pauseMs;
    if (available < this.size && !closed && now < pauseAt) return pauseAt;
    const next = this.lastOf(available, closed);
    const dueAt = this.playedUntil + this.padded(next) / this.bytesPerMs - this.ports.leadMs;
    if (this.playedUntil > now && dueAt > now) return Math.min(dueAt, this.playedUntil);
    this.sendMessage(this.pad(this.audio.take(next)), now);
    return AT_ONCE;
  }

  /**
   * What is left over of an utterance goes with its last full message: alone it would be too short. Unless the provider
   * takes messages of one size only.
   */
  private lastOf(available: number, closed: boolean): number {
    const last = available < 2 * this.size && (closed || available < this.size);
    return last && (available <= this.size || !this.fixed) ? available : this.size;
  }

  private sendMessage(bytes: Uint8Array, now: number): void {
    const { watch, send, codec } = this.ports;
    const startsAt = Math.max(now, this.playedUntil);
    this.playedUntil = startsAt + bytes.byteLength / this.bytesPerMs;
    this.inFlight.add(this.playedUntil, now);
    watch?.sent(bytes, startsAt);
    const message = codec.encodeAudio(bytes);
    // bytes that have become text are free; others may be on their way for a while
    if (typeof message === 'string') this.audio.reuse();
    if (!send(message)) this.stop();
  }

  private pad(bytes: Uint8Array): Uint8Array {
    const size = this.padded(bytes.byteLength);
    if (size === bytes.byteLength) return bytes;
    return Buffer.concat([bytes, silence(this.ports.format, size - bytes.byteLength)]);
  }

  private padded(bytes: number): number {
    const { minimumBytes, multipleOf } = this.ports.rule;
    return Math.max(minimumBytes, Math.ceil(bytes / multipleOf) * multipleOf);
  }
}
