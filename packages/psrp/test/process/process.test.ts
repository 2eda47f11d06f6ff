import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { RunspacePool } from '../../src/client/index.ts';
import { processTransport } from '../../src/process/index.ts';

/** A program in place of PowerShell: this Node with a line of script. */
const program = (script: string) => ({ command: process.execPath, args: ['-e', script] });

describe('a process', () => {
  test('that cannot be started is reported', async () => {
    const opening = RunspacePool.open(processTransport({ command: '/nowhere/pwsh' }));
    await expect(opening).rejects.toMatchObject({ code: 'process-failed', cause: { code: 'ENOENT' } });
  });

  test('that ends unexpectedly is reported with its code and error output', async () => {
    const transport = processTransport(program('console.error("no such module"); process.exitCode = 7'));
    const opening = RunspacePool.open(transport);
    await expect(opening).rejects.toMatchObject({ code: 'process-failed' });
    await expect(opening).rejects.toThrow(/ended with code 7; it said: no such module/);
  });

  test('keeps only the end of the error output', async () => {
    const script = 'process.stderr.write("x".repeat(1e6) + "the end"); process.exitCode = 1';
    const error: unknown = await RunspacePool.open(processTransport(program(script))).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/the end$/);
    expect((error as Error).message.length).toBeLessThan(9000);
  });

  test('that does not respond is killed with its child processes, after the grace time', async () => {
    const connected = Promise.withResolvers<Socket>();
    const server = createServer((socket) => connected.resolve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    // The grandchild holds a connection: when that ends, it is dead.
    const grandchild = `require('node:net').connect(${port}, '127.0.0.1').on('error', () => {})`;
    const script = `
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}]);
      process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);
    `;
    const controller = new AbortController();
    const transport = processTransport({ ...program(script), graceMs: 100 });
    const opening = RunspacePool.open(transport, { signal: controller.signal });
    const socket = await connected.promise;
    const closed = once(
      socket.resume().on('error', () => undefined),
      'close',
    );
    controller.abort(new Error('waited enough'));
    await expect(opening).rejects.toThrow('waited enough');
    await closed;
    await new Promise((resolve) => server.close(resolve));
  });

  test('that writes an invalid packet is refused', async () => {
    const transport = processTransport({
      ...program('console.log("hello"); setInterval(() => {}, 1000)'),
      graceMs: 100,
    });
    await expect(RunspacePool.open(transport)).rejects.toMatchObject({ code: 'packet-malformed' });
  });
});
