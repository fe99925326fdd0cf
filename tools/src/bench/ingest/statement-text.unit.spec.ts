import { ANNOUNCE } from '@greenroom/entities';
import { announceWith, pgbenchScript } from './statement-text';

describe('the statement of an announcement, for clients that do nothing else', () => {
  it('is that of the ingest, with values in place of its parameters', () => {
    const text = announceWith('CALL', 'PHONE');
    expect(text).not.toContain('$');
    expect(text.match(/CALL\b/g)).toHaveLength(ANNOUNCE.text.match(/\$3\b/g)!.length);
    expect(text.match(/PHONE\b/g)).toHaveLength(ANNOUNCE.text.match(/\$4\b/g)!.length);
    expect(text).toContain("k.provider = 'exotel' AND k.account = 'default'");
  });

  it('is one line of a script of pgbench’s, so that no line of it is taken for a command', () => {
    const lines = pgbenchScript().trim().split('\n');
    expect(lines.map((line) => line.slice(0, 4))).toEqual(['\\set', '\\set', 'WITH']);
    expect(lines[2]).toMatch(/;$/);
  });
});
