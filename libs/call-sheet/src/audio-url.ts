import { type CallSheet } from './call-sheet';

const HEADER_BYTES = 44;
const BYTES_PER_FRAME = 4;
/** Divisible by three, so that only the last piece is padded; small enough to be the arguments of one call. */
const PIECE_BYTES = 24_576;

/** RIFF/WAVE, 16 bit stereo: the caller left, the assistant right, the shorter one silent at its end. */
export function stereoWav({ sampleRate, caller, assistant }: CallSheet['audio']): Uint8Array {
  const frames = Math.max(caller.length, assistant.length);
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + frames * BYTES_PER_FRAME));
  const name = (at: number, text: string) =>
    [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  name(0, 'RIFF');
  view.setUint32(4, view.byteLength - 8, true);
  name(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * BYTES_PER_FRAME, true);
  view.setUint16(32, BYTES_PER_FRAME, true);
  view.setUint16(34, 16, true);
  name(36, 'data');
  view.setUint32(40, frames * BYTES_PER_FRAME, true);
  for (let frame = 0, at = HEADER_BYTES; frame < frames; frame += 1, at += BYTES_PER_FRAME) {
    view.setInt16(at, caller[frame] ?? 0, true);
    view.setInt16(at + 2, assistant[frame] ?? 0, true);
  }
  return new Uint8Array(view.buffer);
}

export function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(from, from + PIECE_BYTES))));
  }
  return pieces.join('');
}

export const audioUrl = (audio: CallSheet['audio']): string =>
  `data:audio/wav;base64,${base64(stereoWav(audio))}`;
