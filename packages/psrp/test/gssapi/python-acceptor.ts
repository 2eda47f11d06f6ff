import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const scriptPath = fileURLToPath(new URL('acceptor.py', import.meta.url));

/** What the acceptor may be asked. */
export type Verb = 'ACCEPT' | 'OPEN' | 'SEAL' | 'SIGN';

/** What it said. */
export interface Reply {
  readonly word: string;
  readonly data: Buffer;
}

/** The acceptor in Python: GSSAPI, but none of our code. */
export class PythonAcceptor {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#process = spawn('/usr/bin/python3', [scriptPath, ...args], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async ask(verb: Verb, data: Buffer): Promise<Reply> {
    this.#process.stdin.write(`${verb} ${data.toString('base64')}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('the acceptor ended');
    const [word = '', base64 = ''] = line.value.split(' ');
    return { word, data: Buffer.from(base64, 'base64') };
  }

  async close(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.stdin.end();
    await gone;
  }
}
