import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { librariesIn } from './redis-extraction';
import { findOnPath } from './redis-runtime';
import { canReach } from './server-user';

describe('the libraries that Redis needs', () => {
  it('are read from the package’s own list, by the names of this release', () => {
    const depends = `redis-tools
  Depends: adduser
  Depends: libatomic1
  Depends: libc6
 |Depends: libssl3t64
  Depends: libsystemd0
    libelogind0
  Depends: lua-cjson
  Depends: <virtual-package>
  Breaks: redis-server
  Suggests: ruby-redis
`;
    expect(librariesIn(depends)).toEqual(['libatomic1', 'libssl3t64', 'libsystemd0', 'lua-cjson']);
  });
});

describe('with folders', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('a program is found by its first name on the path, and only if it can be run', () => {
    const path = `${folder}/a:${folder}/b`;
    for (const name of ['a', 'b']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'a', 'no-such-redis'), '', { mode: 0o644 });
    expect(findOnPath(['no-such-redis', 'no-such-valkey'], path)).toBeUndefined();
    writeFileSync(join(folder, 'b', 'no-such-valkey'), '', { mode: 0o755 });
    expect(findOnPath(['no-such-redis', 'no-such-valkey'], path)).toBe(join(folder, 'b', 'no-such-valkey'));
  });

  it('another user reaches what lies below folders that let him through', () => {
    const stranger = { uid: 123_456, gid: 123_456 };
    mkdirSync(join(folder, 'open'), { mode: 0o755 });
    // mkdtemp makes folders for their owner alone
    expect(canReach(stranger, join(folder, 'open'))).toBe(false);
    expect(canReach(stranger, tmpdir())).toBe(true);
    expect(canReach(null, join(folder, 'open'))).toBe(true);
  });
});
