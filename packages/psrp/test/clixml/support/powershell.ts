import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What PowerShell made of a text. */
export interface Deserialized {
  typeNames?: string[] | null;
  json?: string;
  clixml?: string;
  error?: string;
}

/** Whether there is a `pwsh` to ask. */
export const hasPwsh = spawnSync('pwsh', ['-NoProfile', '-Command', '1'], { stdio: 'ignore' }).status === 0;

const script = fileURLToPath(new URL('deserialize.ps1', import.meta.url));

/** Has one PowerShell process read all texts, each a document with its wrapper. */
export async function deserialize(texts: readonly string[]): Promise<Deserialized[]> {
  const child = spawn('pwsh', ['-NoProfile', '-NonInteractive', '-File', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  child.stdin.end(texts.map((text) => `${Buffer.from(text).toString('base64')}\n`).join(''));
  await ended;
  const lines = Buffer.concat(output).toString('utf8').split(/\r?\n/).filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Deserialized);
}
