import type { Clock } from '@greenroom/rendezvous';
import {
  encodeAudio,
  silence,
  type AudioFormat,
  type MediaCodec,
  type OutboundRule,
  type WireMessage,
} from '@greenroom/telephony';

export interface PlaybackPorts {
  codec: MediaCodec;
  format: AudioFormat;
  rule: OutboundRule;
  clock: Clock;
  /** false: the line is gone or stuck, nothing more is worth sending */
  send: (message: WireMessage) => boolean;
  /** how far ahead of real time audio is sent, ms */
  leadMs: number;
  /** told of each message and of each clear; for a recording */
  watch?: PlaybackWatch | undefined;
}

export interface PlaybackWatch {
  /** @param at clock time at which the caller begins to hear it, as far as time can tell */
  sent(bytes: Uint8Array, at: number): void;
  /** @param from clock time from which on nothing that was sent is heard any more */
  cleared(from: number): void;
}

type Item =
  { kind: 'audio'; bytes: Uint8Array } | { kind: 'mark'; name: string } | { kind: 'end'; run: () => void };

/**
 * Sends audio as the provider wants it: in messages of its size, paced against absolute deadlines, never more than
 * the lead ahead of what has been played. So a long prompt can be cut at any moment, and a late timer is made up for
 * by the next one. Whatever is shorter than a message waits for more, or for a mark, an end, or a pause behind it.
 */
export class Playback {
  private queue: Item[] = [];
  /** clock time at which everything sent so far will have been played */
  private playedUntil = 0;
  /** ends of the messages that were sent and may not have been played yet, by the clock */
  private ends: number[] = [];
  private cancelTimer: (() => void) | null = null;
  private lastAudioAt = 0;
  private stopped = false;
  /** a turn of the pump is due in a microtask */
  private awake = false;

  constructor(private readonly ports: PlaybackPorts) {}

  play(pcm: Int16Array): void {
    this.lastAudioAt = this.ports.clock.now();
    this.add({ kind: 'audio', bytes: encodeAudio(this.ports.format, pcm) });
  }

  mark(name: string): void {
    this.add({ kind: 'mark', name });
  }

  /** Runs when everything queued before has been played, as far as time can tell. */
  whenPlayed(run: () => void): void {
    this.add({ kind: 'end', run });
  }

  clear(): void {
    const { clock, rule, codec } = this.ports;
    const now = clock.now();
    this.queue = this.queue.filter(({ kind }) => kind === 'end');
    const inPlay = this.ends.find((end) => end > now) ?? now;
    this.playedUntil = rule.clearCutsMessage ? now : inPlay;
    this.ends = [];
    this.ports.watch?.cleared(this.playedUntil);
    this.ports.send(codec.encodeClear());
    this.pump();
  }

  /** Nothing is sent any more, and no timer is left. */
  stop(): void {
    this.stopped = true;
    this.queue = [];
    this.cancelTimer?.();
    this.cancelTimer = null;
  }

  private add(item: Item): void {
    if (this.stopped) return;
    this.queue.push(item);
    if (this.awake) return;
    // not at once: a mark that is queued in the same turn belongs to this audio
    this.awake = true;
    queueMicrotask(() => this.pump());
  }

  private pump(): void {
    this.awake = false;
    this.cancelTimer?.();
    this.cancelTimer = null;
    while (!this.stopped) {
      const delay = this.step();
      if (delay === null) continue;
      if (delay < Infinity) this.cancelTimer = this.ports.clock.after(Math.max(1, delay), () => this.pump());
      return;
    }
  }

  /** Does the next thing. Null: there may be more to do now; otherwise in so many ms. */
  private step(): number | null {
    const [next] = this.queue;
    if (!next) return Infinity;
    const now = this.ports.clock.now();
    const ahead = this.playedUntil - now;
    if (next.kind === 'audio') return this.sendAudio(now, ahead);
    if (next.kind === 'end' && ahead > 0) return ahead;
    this.queue.shift();
    if (next.kind === 'end') next.run();
    else if (!this.ports.send(this.ports.codec.encodeMark(next.name))) this.stop();
    return null;
  }

  private sendAudio(now: number, ahead: number): number | null {
    const { format, rule, leadMs } = this.ports;
    const size = rule.messageBytes(format);
    const { available, closed } = this.upcoming(2 * size);
    const quiet = now - this.lastAudioAt;
    const pause = 2 * this.durationOf(size);
    if (available < size && !closed && quiet < pause) return pause - quiet;
    const next = this.lastOf(available, closed, size);
    const overLead = ahead + this.durationOf(this.padded(next)) - leadMs;
    if (ahead > 0 && overLead > 0) return Math.min(overLead, ahead);
    this.sendMessage(this.pad(this.take(next)), now);
    return null;
  }

  /**
   * What is left over of an utterance goes with its last full message: alone it would be too short. Unless the provider
   * takes messages of one size only.
   */
  private lastOf(available: number, closed: boolean, size: number): number {
    const last = available < 2 * size && (closed || available < size);
    return last && (available <= size || this.ports.rule.multipleOf < size) ? available : size;
  }

  private sendMessage(bytes: Uint8Array, now: number): void {
    const { watch, send, codec } = this.ports;
    const startsAt = Math.max(now, this.playedUntil);
    this.playedUntil = startsAt + this.durationOf(bytes.byteLength);
    this.ends = [...this.ends.filter((end) => end > now), this.playedUntil];
    watch?.sent(bytes, startsAt);
    if (!send(codec.encodeAudio(bytes))) this.stop();
  }

  /** How many bytes of audio come next, up to `enough`, and whether something else follows them. */
  private upcoming(enough: number): { available: number; closed: boolean } {
    let available = 0;
    for (const item of this.queue) {
      if (item.kind !== 'audio') return { available, closed: true };
      available += item.bytes.byteLength;
      if (available >= enough) break;
    }
    return { available, closed: false };
  }

  private take(size: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let missing = size;
    while (missing > 0) {
      const [next] = this.queue;
      if (next?.kind !== 'audio') break;
      if (next.bytes.byteLength <= missing) this.queue.shift();
      else this.queue[0] = { kind: 'audio', bytes: next.bytes.subarray(missing) };
      parts.push(next.bytes.subarray(0, missing));
      missing -= Math.min(missing, next.bytes.byteLength);
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
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

  /** ms */
  private durationOf(bytes: number): number {
    const { encoding, sampleRate } = this.ports.format;
    return (bytes / (encoding === 'mulaw' ? 1 : 2) / sampleRate) * 1000;
  }
}
