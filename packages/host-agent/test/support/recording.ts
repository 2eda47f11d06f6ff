import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const module = fileURLToPath(new URL('../../module/', import.meta.url));
const recorded = fileURLToPath(new URL('../../recorded/', import.meta.url));

/** Whether this run plays the long suites whole and writes what it saw, instead of a sample (`npm run test:long`). */
export const isRecording = process.env['AETHER_LONG'] === '1';

/** What the agent did on real PowerShell, and which agent it was. */
export interface Recording<T> {
  /** SHA-256 of every file of the agent. */
  readonly agent: Readonly<Record<string, string>>;
  readonly results: T;
}

/** SHA-256 of every file of the agent, by its path in the module folder. */
export function agentDigests(): Readonly<Record<string, string>> {
  const files = globSync('**/*.{ps1,psm1,psd1,json}', { cwd: module }).sort();
  return Object.fromEntries(
    files.map((file) => [
      file.replaceAll('\\', '/'),
      createHash('sha256')
        .update(readFileSync(join(module, file)))
        .digest('hex'),
    ]),
  );
}

/** The recording of this name; undefined where there is none yet. */
export function readRecording<T>(name: string): Recording<T> | undefined {
  const path = join(recorded, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Recording<T>) : undefined;
}

/** What a recording holds of this very agent: a long run that was interrupted goes on from there. */
export function ofThisAgent<T extends object>(recording: Recording<T> | undefined): Partial<T> {
  return JSON.stringify(recording?.agent) === JSON.stringify(agentDigests())
    ? (recording?.results ?? {})
    : {};
}

/** Says in a title that a whole run has not been recorded yet, so that the test which compares it is seen to be skipped. */
export function missingReason(recording: Recording<unknown> | undefined): string {
  return recording === undefined ? ' (skipped: not recorded yet, npm run test:long records it)' : '';
}

/** Writes what this run did on real PowerShell. Another part of a run may write another recording. */
export function writeRecording(name: string, results: unknown): void {
  const text = JSON.stringify({ agent: agentDigests(), results }, null, 2);
  writeFileSync(join(recorded, `${name}.json`), `${text}\n`);
}
