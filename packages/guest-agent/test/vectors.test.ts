import { openings, type OpeningVector } from '@aether-v/provisioning/testing/vectors';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flatten } from './support/flatten.ts';
import { image } from './support/images.ts';
import { writeOpeningFolder } from './support/opening-folder.ts';
import { needs } from './support/parts.ts';

const run = promisify(execFile);
const linux = join(import.meta.dirname, '../linux');
const support = join(import.meta.dirname, 'support');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opening-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function expectResult(vector: OpeningVector, program: string, args: readonly string[]): Promise<void> {
  writeOpeningFolder(folder, vector);
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
  const { stdout, stderr } = await run(program, args, { env });
  const expected = vector.code === undefined ? vector.result : `${vector.result} ${vector.code}`;
  expect({ result: stdout.trim(), stderr }).toEqual({ result: expected, stderr: '' });
  if (vector.plaintext === undefined) return;
  expect(readFileSync(join(folder, 'work/plaintext'), 'utf8')).toBe(vector.plaintext);
  const lines = readFileSync(join(folder, 'work/document'), 'utf8').split('\n').slice(0, -1);
  expect(lines).toEqual(flatten(JSON.parse(vector.plaintext)));
}

const here = needs(['/usr/bin/openssl', '/bin/dash', '/bin/bash']);
describe.skipIf(here.skip).each(['dash', 'bash'])(`the Linux agent in %s${here.reason}`, (shell) => {
  test.each(openings)('opens or refuses a sealed text as its vector says: $why', async (vector) => {
    await expectResult(vector, shell, [join(support, 'open-vector.sh'), folder, linux]);
  });
});

const debian11 = needs([image('bullseye'), '/usr/bin/unshare']);
describe.skipIf(debian11.skip)(`the Linux agent with openssl 1.1.1 of Debian 11${debian11.reason}`, () => {
  test.each(openings)('opens or refuses a sealed text as its vector says: $why', async (vector) => {
    cpSync(linux, join(folder, 'linux'), { recursive: true });
    cpSync(join(support, 'open-vector.sh'), join(folder, 'open-vector.sh'));
    const inChroot = [join(support, 'in-chroot.sh'), image('bullseye'), folder];
    const opener = ['dash', '/mnt/open-vector.sh', '/mnt', '/mnt/linux'];
    await expectResult(vector, 'unshare', ['--mount', 'sh', ...inChroot, ...opener]);
  });
});
