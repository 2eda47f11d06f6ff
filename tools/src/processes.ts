import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A process of ours, and what its ready line said. */
export interface Running<T> extends AsyncDisposable {
  readonly ready: T;
  /** Ends it as an operator would (SIGTERM), or as a power cut would (SIGKILL). */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** What it wrote so far, for a failing test's message. */
  output(): string;
}

/** Starts a process on this Node and waits for the line that says it is ready. */
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

/** A port that was free a moment ago: for a service that must come back on the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}
