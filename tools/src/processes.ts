import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** One of our processes, and the content of its ready line. */
export interface Running<T> extends AsyncDisposable {
  readonly ready: T;
  /** Ends it like an operator (SIGTERM), or like a power failure (SIGKILL). */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Returns its output so far, for the message of a failing test. */
  output(): string;
}

/** Starts a process on this Node and waits for the line that reports it as ready. */
export async function startProcess<T>(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: (line: string) => T | undefined,
): Promise<Running<T>> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const found = ready(line);
    if (found !== undefined) resolve(found);
  });
  child.once('exit', (code) =>
    reject(new Error(`${args.join(' ')} ended (exit ${String(code)}):\n${lines.join('\n')}`)),
  );
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => stopProcess(child, signal);
  return {
    ready: await promise,
    stop,
    output: () => lines.join('\n'),
    [Symbol.asyncDispose]: () => stop(),
  };
}

async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(late);
}

/** Returns a port that is currently free, for a service that must restart on the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}
