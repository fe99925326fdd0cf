import type { AudioRoom } from './pool';

/** Most messages of most providers: 20 ms at 24 kHz. */
const FIRST_BYTES = 960;

/**
 * The same room for one message after another, where each is used up before the next comes: what was handed out is
 * written over by the next of its kind. So audio that nobody keeps allocates nothing.
 *
 * Parts of slabs cost little when they are cut, but at a few thousand calls' frames a second some slabs are always old
 * enough to leave the young generation, and all of the heap has to be marked again and again to be rid of them.
 */
export class AudioScratch implements AudioRoom {
  private byteView = new Uint8Array(FIRST_BYTES);
  private sampleView = new Int16Array(FIRST_BYTES / 2);

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const { buffer } = this.byteView;
    if (this.byteView.length !== length)
      this.byteView = new Uint8Array(
        length <= buffer.byteLength ? buffer : new ArrayBuffer(length),
        0,
        length,
      );
    return this.byteView;
  }

  samples(length: number): Int16Array<ArrayBuffer> {
    const { buffer } = this.sampleView;
    const bytes = 2 * length;
    if (this.sampleView.length !== length)
      this.sampleView = new Int16Array(
        bytes <= buffer.byteLength ? buffer : new ArrayBuffer(bytes),
        0,
        length,
      );
    return this.sampleView;
  }
}
