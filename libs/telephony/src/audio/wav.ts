import { mulawToPcm } from './g711';
import { s16leFromPcm, s16leToPcm } from './pcm';

export interface Wav {
  /** Hz */
  sampleRate: number;
  channels: number;
  /** interleaved where there is more than one channel */
  samples: Int16Array;
}

const PCM = 1;
const MULAW = 7;
/** The real format then stands in the first two bytes of the sub-format. */
const EXTENSIBLE = 0xfffe;
const RIFF_HEADER = 12;
const CHUNK_HEADER = 8;

/**
 * Reads a WAV file of 16-bit PCM or 8-bit mu-law.
 * @throws {Error} if it is anything else: audio files are ours, a bad one is a mistake in the installation
 */
export function readWav(file: Uint8Array): Wav {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.byteLength < RIFF_HEADER || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') {
    throw new Error('Not a WAV file: no RIFF/WAVE header');
  }
  const format = chunk(view, 'fmt ');
  const data = chunk(view, 'data');
  if (!format || format.byteLength < 16) throw new Error('Not a WAV file: no fmt chunk');
  if (!data) throw new Error('Not a WAV file: no data chunk');
  const channels = format.getUint16(2, true);
  const sampleRate = format.getUint32(4, true);
  if (channels === 0 || sampleRate === 0) throw new Error('WAV file without channels or sample rate');
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { sampleRate, channels, samples: decode(format, bytes) };
}

function decode(format: DataView, bytes: Uint8Array): Int16Array {
  const declared = format.getUint16(0, true);
  const code = declared === EXTENSIBLE && format.byteLength >= 26 ? format.getUint16(24, true) : declared;
  const bits = format.getUint16(14, true);
  if (code === PCM && bits === 16) return s16leToPcm(bytes);
  if (code === MULAW && bits === 8) return mulawToPcm(bytes);
  throw new Error(
    `WAV format ${code} with ${bits} bits: only 16-bit PCM (1) and 8-bit mu-law (7) can be read`,
  );
}

const tag = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

/** The first chunk of this name. A length beyond the file is cut: a writer on a pipe cannot know it (ffmpeg). */
function chunk(view: DataView, name: string): DataView | null {
  let at = RIFF_HEADER;
  while (at + CHUNK_HEADER <= view.byteLength) {
    const start = at + CHUNK_HEADER;
    const length = Math.min(view.getUint32(at + 4, true), view.byteLength - start);
    if (tag(view, at) === name) return new DataView(view.buffer, view.byteOffset + start, length);
    // chunks begin at even bytes
    at = start + length + (length % 2);
  }
  return null;
}

/** A WAV file of 16-bit PCM. */
export function writeWav({ sampleRate, channels, samples }: Wav): Uint8Array {
  const data = s16leFromPcm(samples);
  const file = new Uint8Array(44 + data.byteLength);
  const view = new DataView(file.buffer);
  const write = (at: number, text: string): void => file.set(new TextEncoder().encode(text), at);
  write(0, 'RIFF');
  view.setUint32(4, 36 + data.byteLength, true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  write(36, 'data');
  view.setUint32(40, data.byteLength, true);
  file.set(data, 44);
  return file;
}
