import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { builtConsole } from '../fake-api/server.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isRequired = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('chromium');

/** Whether these tests have to be left out, and the reason as part of their title. */
export const noChromium = !isRequired && !existsSync(executablePath);
export const chromiumNote = noChromium
  ? ` (skipped: install Chromium, there is none at ${executablePath})`
  : '';

/** The name by which the tests reach the console as another machine would over plain HTTP. */
export const plainHttpName = 'console.test';

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-gpu',
      // A name for which browsers offer no Web Locks, unlike localhost.
      `--host-resolver-rules=MAP ${plainHttpName} 127.0.0.1`,
    ],
  });
}

/** Builds the console as it is shipped, into a folder of the tests' own. */
export async function buildConsole(): Promise<void> {
  const { build } = await import('vite');
  const root = join(import.meta.dirname, '../..');
  await build({ root, logLevel: 'error', build: { outDir: builtConsole, emptyOutDir: true } });
}
