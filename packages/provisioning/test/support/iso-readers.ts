import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaFile } from '../../src/index.ts';

const programs = ['/usr/bin/xorriso', '/usr/bin/isoinfo', '/usr/sbin/blkid'];
const missing = programs.filter((program) => !existsSync(program));
const isRequired = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('iso');

/** Whether to skip tests with other readers of images, and the reason for the title. */
export const readers = {
  skip: missing.length > 0 && !isRequired,
  reason: missing.length > 0 ? ` (skipped: there is no ${missing.join(', ')})` : '',
};

// Names of files are UTF-8, whatever the machine's locale is.
const env = { ...process.env, LC_ALL: 'C.UTF-8' };

/** An image in a file, read by programs that we did not write. */
export class ImageFile implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'iso-'));
  readonly path = join(this.#folder, 'image.iso');

  constructor(image: Uint8Array) {
    writeFileSync(this.path, image);
  }

  /** Returns the output of isoinfo. */
  isoinfo(...args: readonly string[]): string {
    return execFileSync('isoinfo', ['-i', this.path, ...args], { env, encoding: 'latin1' });
  }

  /** Returns the fields that blkid finds. */
  blkid(): Record<string, string> {
    const output = execFileSync('/usr/sbin/blkid', ['-p', '-o', 'export', this.path], { encoding: 'utf8' });
    return Object.fromEntries(output.split('\n').map((line) => line.split(/=(.*)/s, 2))) as Record<
      string,
      string
    >;
  }

  /** Extracts the image by its Joliet names with xorriso, which reads every block before. */
  extract(): MediaFile[] {
    const folder = join(this.#folder, 'extracted');
    const commands = ['-indev', this.path, '-check_media', '--', '-osirrox', 'on', '-extract', '/', folder];
    const { status, stdout, stderr } = spawnSync('xorriso', commands, { env, encoding: 'utf8' });
    if (status !== 0 || !stdout.includes('+ good') || /SORRY|WARNING|FAILURE/.test(stderr)) {
      throw new Error(`xorriso failed: ${stdout}${stderr}`);
    }
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => ({ path, content: readFileSync(join(folder, path)) }));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
