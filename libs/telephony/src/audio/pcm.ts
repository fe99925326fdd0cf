/**
 * 16-bit little-endian bytes as samples. Through a DataView, since a payload begins wherever its buffer's pool put it
 * and an Int16Array may not begin at an odd byte. Half a sample at the end is dropped.
 */
export function s16leToPcm(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Int16Array(bytes.byteLength >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(2 * i, true);
  return samples;
}

export function s16leFromPcm(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i++) view.setInt16(2 * i, samples[i] ?? 0, true);
  return bytes;
}
