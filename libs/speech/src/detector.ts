import { type OpenDetector, type VoiceActivityDetector } from '@greenroom/conversation';
import { Decimator } from './decimate';
import { loadFvad, type Fvad } from './fvad';

/** How much it takes to be voice: 0 the least, 3 the most. */
export type DetectorMode = 0 | 1 | 2 | 3;

/**
 * Measured with four synthetic voices: 0 and 1 take a hum of 50 Hz for voice; 3 finds quiet speech (-14 dB) 20 to 40 ms later
 * than 2 does, and loses up to 9 % more of it.
 */
const MODE: DetectorMode = 2;

const FRAMES_PER_SECOND = 50;

/** Rates at which it listens; 24 kHz, which libfvad does not know, at a third. */
const HEARD_AT: Readonly<Record<number, number>> = { 8000: 8000, 16000: 16000, 24000: 8000 };

/**
 * Loads the WebRTC voice activity detector, once for the process. It takes the first frames of a noisy line, up to 100 ms,
 * for voice until it has learnt the noise, and lets go of a voice up to 140 ms late.
 */
export async function loadDetectors({ mode = MODE }: { mode?: DetectorMode } = {}): Promise<OpenDetector> {
  const fvad = await loadFvad();
  return (sampleRate) => {
    const heardAt = HEARD_AT[sampleRate];
    if (!heardAt) throw new RangeError(`No voice activity detector for ${sampleRate} Hz: 8000, 16000, 24000`);
    return new FvadDetector(fvad, mode, { sampleRate, heardAt });
  };
}

class FvadDetector implements VoiceActivityDetector {
  readonly frameSamples: number;
  private readonly handle: number;
  private readonly pointer: number;
  /** the frame as libfvad sees it, in its own memory */
  private readonly heard: Int16Array;
  private readonly decimator: Decimator | null;
  private open = true;

  constructor(
    private readonly fvad: Fvad,
    mode: DetectorMode,
    { sampleRate, heardAt }: { sampleRate: number; heardAt: number },
  ) {
    this.frameSamples = sampleRate / FRAMES_PER_SECOND;
    this.decimator = heardAt === sampleRate ? null : new Decimator(this.frameSamples);
    const heardSamples = heardAt / FRAMES_PER_SECOND;
    this.handle = fvad.create();
    this.pointer = fvad.malloc(heardSamples * Int16Array.BYTES_PER_ELEMENT);
    if (!this.handle || !this.pointer) {
      this.close();
      throw new Error('No memory for another voice activity detector: are they closed?');
    }
    fvad.setMode(this.handle, mode);
    fvad.setSampleRate(this.handle, heardAt);
    this.heard = new Int16Array(fvad.memory.buffer, this.pointer, heardSamples);
  }

  /** @throws {RangeError} if the frame is not one of `frameSamples`; {Error} after `close` */
  isVoice(frame: Int16Array): boolean {
    if (!this.open) throw new Error('The voice activity detector is closed');
    if (frame.length !== this.frameSamples) {
      throw new RangeError(`A frame of ${frame.length} samples: ${this.frameSamples} are 20 ms`);
    }
    if (this.decimator) this.decimator.run(frame, this.heard);
    else this.heard.set(frame);
    return this.fvad.process(this.handle, this.pointer, this.heard.length) === 1;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    // libfvad asserts that there is one to destroy
    if (this.handle) this.fvad.destroy(this.handle);
    this.fvad.free(this.pointer);
  }
}
