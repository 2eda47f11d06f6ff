import { createReadStream } from 'node:fs';
import { maxLineBytes } from '../record-line.ts';
import { parsePublicKey } from '../signature.ts';
import type { Checkpoint } from '../chain.ts';
import { ChainVerifier, type Verdict } from './chain-verifier.ts';
import { readCheckpoint } from './read-record.ts';
import { reportOf } from './report.ts';

/** Output of the verification. */
export interface VerifyOutput {
  print(text: string): void;
  complain(text: string): void;
}

interface Arguments {
  readonly files: readonly string[];
  readonly key: string | null;
  readonly checkpoints: readonly string[];
}

const usage =
  'Usage: npm run audit:verify -- FILE… [--key PUBLIC] [--checkpoints FILE]\n' +
  '  FILE                 audit files, oldest first\n' +
  '  --key PUBLIC         the Ed25519 public key, in base64\n' +
  '  --checkpoints FILE   output of the service, or of GET /api/v1/audit/head, that was kept elsewhere\n';

const lineFeed = 0x0a;

/** Verifies audit files. Returns the exit code: 0 if nothing contradicts them, 1 if something does, 2 if unusable. */
export async function verifyFiles(args: readonly string[], output: VerifyOutput): Promise<number> {
  const parsed = parseArguments(args);
  const key = parsed?.key == null ? null : parsePublicKey(parsed.key);
  if (parsed === null || (parsed.key !== null && key === null)) {
    output.complain(parsed === null ? usage : '--key must be an Ed25519 public key: 32 bytes in base64.\n');
    return 2;
  }
  try {
    const kept = await readCheckpoints(parsed.checkpoints);
    const verdict = await verify(parsed.files, new ChainVerifier(key, kept));
    output.print(reportOf(verdict, key !== null));
    return verdict.findings.length === 0 ? 0 : 1;
  } catch (error) {
    output.complain(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

function parseArguments(args: readonly string[]): Arguments | null {
  const options: Record<'--key' | '--checkpoints', string[]> = { '--key': [], '--checkpoints': [] };
  const files: string[] = [];
  const rest = args.values();
  for (const arg of rest) {
    if (arg === '--key' || arg === '--checkpoints') {
      const value = rest.next().value;
      if (value === undefined) return null;
      options[arg].push(value);
    } else if (arg.startsWith('--')) return null;
    else files.push(arg);
  }
  if (files.length === 0 || options['--key'].length > 1) return null;
  return { files, key: options['--key'][0] ?? null, checkpoints: options['--checkpoints'] };
}

async function verify(files: readonly string[], verifier: ChainVerifier): Promise<Verdict> {
  for (const file of files) {
    verifier.beginFile(file);
    verifier.endFile(await eachLine(file, (line) => verifier.line(line)));
  }
  return verifier.verdict();
}

/** @throws Error of the system, or if a file contains no checkpoint: comparing nothing would look like a success. */
async function readCheckpoints(files: readonly string[]): Promise<Checkpoint[]> {
  const found: Checkpoint[] = [];
  const take = (line: Uint8Array): void => {
    const checkpoint = readCheckpoint(line);
    if (checkpoint !== null) found.push(checkpoint);
  };
  for (const file of files) {
    const before = found.length;
    await eachLine(file, take, take);
    if (found.length > before) continue;
    throw new Error(
      `${file} contains no checkpoint. It must be UTF-8, with each record or response in one line.`,
    );
  }
  return found;
}

/**
 * Calls `onLine` with every complete line. A line above the maximum length arrives cut, which is no record.
 *
 * @param onRest Is called with what follows the last line break.
 * @returns The number of bytes after the last line break.
 */
async function eachLine(
  file: string,
  onLine: (line: Uint8Array) => void,
  onRest: (rest: Uint8Array) => void = () => undefined,
): Promise<number> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, {
    highWaterMark: maxLineBytes,
  }) as AsyncIterable<Buffer>) {
    let begin = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, begin)) {
      onLine(Buffer.concat([rest, chunk.subarray(begin, end)]));
      rest = Buffer.alloc(0);
      begin = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(begin)]).subarray(0, 2 * maxLineBytes);
  }
  if (rest.length > 0) onRest(rest);
  return rest.length;
}
