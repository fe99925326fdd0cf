import { findingsOf, type Round } from './findings';

const KIB = 1024;

/** @param bytes of a socket; @param us for a handshake */
const round = (bytes: number, us: number, waiting?: Round['waiting']): Round => ({
  sockets: {
    sockets: 10_000,
    half: { bytes: bytes * 5000, processorMs: (us * 5000) / 1000 },
    all: { bytes: bytes * 10_000, processorMs: (us * 10_000) / 1000 },
  },
  ...(waiting && { waiting }),
});

describe('the findings', () => {
  const waiting = { bytes: 50 * KIB, ringBytes: 40 * KIB };
  const { rows, notes } = findingsOf(
    [round(9000, 130, waiting), round(9000, 130, { ...waiting, bytes: 60 * KIB }), round(9600, 130, waiting)],
    [round(6000, 100), round(6000, 100), round(6000, 100)],
  );
  const rowOf = (part: string) => rows.find(({ name }) => name.includes(part));

  it('are of one socket and one handshake, beside the bare server', () => {
    expect(rowOf('memory of a socket')).toMatchObject({
      ours: 9000,
      baseline: 6000,
      ratio: 1.5,
      holds: true,
    });
    expect(rowOf('processor for a handshake')).toMatchObject({
      ...{ ours: 130, baseline: 100, ratio: 1.3, holds: true },
    });
  });

  it('tell how they grow', () => {
    expect(rowOf('memory of 10000 sockets')).toMatchObject({ ratio: 2, holds: true });
    expect(rowOf('processor for 10000 handshakes')).toMatchObject({ ours: 1300, baseline: 650, ratio: 2 });
  });

  it('tell what a waiting call takes beside its audio', () => {
    expect(rowOf('over its audio ring')).toMatchObject({ ours: 10, spread: [10, 20], holds: true });
    expect(notes.join('\n')).toContain('50 KiB, of which 40 KiB are audio');
  });
});
