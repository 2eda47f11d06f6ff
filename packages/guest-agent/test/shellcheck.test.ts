import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from './support/parts.ts';

const linux = join(import.meta.dirname, '../linux');
const { skip, reason } = needs(['/usr/bin/shellcheck']);

describe.skipIf(skip)(`the Linux agent's shell${reason}`, () => {
  test('has no finding of shellcheck', () => {
    const files = readdirSync(linux, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.sh'),
    );
    expect(files.length).toBeGreaterThan(8);
    const { stdout } = spawnSync('shellcheck', ['-x', ...files], { cwd: linux, encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});
