import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Secret } from '../../src/config/secret.ts';
import { LogFile, type LogEntry } from '../../src/logs/log-file.ts';
import { logLevels, makeLogFile } from '../../src/logs/make-log-file.ts';
import { requestContext } from '../../src/logs/request-context.ts';
import { ServiceLogger } from '../../src/logs/service-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, testConfig } from '../support/test-app.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'logs-'))));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

interface Line extends Omit<LogEntry, 'message'> {
  readonly timestamp: string;
  readonly message: string;
  readonly request: string | null;
}

const pathOf = (): string => join(folder, 'logs', 'app.log');

function logFile(
  more: { readonly fileBytes?: number; readonly onChange?: (problem: string | null) => void } = {},
) {
  const { fileBytes = 1e9, onChange = () => undefined } = more;
  return new LogFile({ path: pathOf(), clock: new FakeClock(), fileBytes, keep: 2, onChange });
}

function linesOf(path = pathOf()): Line[] {
  const text = readFileSync(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const entry = (message: unknown): LogEntry => ({ level: 'log', context: 'Jobs', message });

describe('the log file', () => {
  test('the log file has one line of JSON per entry, whatever its text contains', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1 }),
        async (texts) => {
          rmSync(join(folder, 'logs'), { recursive: true, force: true });
          const file = logFile();
          for (const text of texts) file.write(entry(text));
          await file.onApplicationShutdown();
          expect(linesOf().map(({ message }) => message)).toEqual(texts);

          expect(readFileSync(pathOf(), 'utf8')).not.toMatch(
            // eslint-disable-next-line no-control-regex -- these are what must not be there
            /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/,
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('shows secrets as a placeholder, also inside of objects', async () => {
    const file = logFile();
    file.write(entry({ user: 'aether', password: new Secret('s3cret') }));
    file.write(entry(new Secret('s3cret')));
    await file.onApplicationShutdown();
    const text = readFileSync(pathOf(), 'utf8');
    expect(text).not.toContain('s3cret');
    expect(text.match(/\[secret\]/g)).toHaveLength(2);
  });

  test('carries the id of the request in whose course something was logged', async () => {
    const file = logFile();
    requestContext.run({ requestId: 'r1' }, () => file.write(entry('within')));
    file.write(entry('without'));
    await file.onApplicationShutdown();
    expect(linesOf().map(({ request: id }) => id)).toEqual(['r1', null]);
  });

  test('a full file is renamed, and so many are kept', async () => {
    const file = logFile({ fileBytes: 200 });
    for (let number = 0; number < 12; number += 1) {
      file.write(entry(`entry ${number}`));
      // A batch is never split, so each entry has its own.
      await vi.waitFor(() => expect(linesOf().at(-1)?.message).toBe(`entry ${number}`));
    }
    await file.onApplicationShutdown();
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['app.log', 'app.log.1', 'app.log.2']);
    expect(linesOf(`${pathOf()}.1`).length).toBeGreaterThan(0);
  });

  test('an entry begins on a new line after one that a crash or a full disk cut', async () => {
    mkdirSync(join(folder, 'logs'));
    writeFileSync(pathOf(), '{"timestamp":"2026-11-30T12:0');
    const file = logFile();
    file.write(entry('first'));
    file.write(entry('second'));
    await file.onApplicationShutdown();
    const [cut, ...others] = readFileSync(pathOf(), 'utf8').trimEnd().split('\n');
    expect(cut).toBe('{"timestamp":"2026-11-30T12:0');
    expect(others.map((line) => (JSON.parse(line) as Line).message)).toEqual(['first', 'second']);
  });

  test('a file that cannot be written is reported once, and lost entries are counted when it can be again', async () => {
    const problems: (string | null)[] = [];
    mkdirSync(pathOf(), { recursive: true });
    const file = logFile({ onChange: (problem) => void problems.push(problem) });
    for (const message of ['one', 'two']) {
      file.write(entry(message));
      await vi.waitFor(() => expect(problems).toHaveLength(1));
    }
    await file.onApplicationShutdown();
    expect(problems[0]).toMatch(/EISDIR/);
    rmSync(pathOf(), { recursive: true });
    file.write(entry('three'));
    await file.onApplicationShutdown();
    expect(problems).toHaveLength(2);
    expect(problems[1]).toBeNull();
    expect(linesOf().map(({ message }) => message)).toEqual([
      '2 log entries were lost because the file could not be written.',
      'three',
    ]);
  });

  test('keeps a bounded amount while the file is slow', async () => {
    const file = logFile();
    const long = 'x'.repeat(10_000);
    for (let number = 0; number < 2000; number += 1) file.write(entry(long));
    await file.onApplicationShutdown();
    expect(linesOf().length).toBeLessThan(1000);
    expect(
      linesOf().some(({ message }) =>
        message.endsWith('entries were lost because the file could not be written.'),
      ),
    ).toBe(true);
  });

  test('can be read by the user of the service only', async () => {
    chmodSync(folder, 0o755);
    const file = logFile();
    file.write(entry('one'));
    await file.onApplicationShutdown();
    if (process.platform !== 'win32') {
      expect(statSync(pathOf()).mode & 0o777).toBe(0o600);
    }
  });
});

describe('the service’s log', () => {
  test('is written to LOG_DIR with level, context and stack, and only there is it JSON', async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const config = testConfig({ LOG_DIR: join(folder, 'logs') });
    const file = makeLogFile(config, new FakeClock());
    const logger = new ServiceLogger({ colors: false, logLevels: [...logLevels(config)] }, file);
    logger.warn('Careful', 'Jobs');
    logger.error('Failed', new Error('inner').stack, 'Jobs');
    logger.debug('not without DEBUG', 'Jobs');
    logger.log('Mapped {/} route', 'RouterExplorer');
    await file?.onApplicationShutdown();
    expect(linesOf()).toMatchObject([
      { level: 'warn', context: 'Jobs', message: 'Careful' },
      {
        level: 'error',
        context: 'Jobs',
        message: 'Failed',
        stack: expect.stringContaining('inner') as string,
      },
    ]);
    expect(linesOf()).toHaveLength(2);
  });

  test('has no file without LOG_DIR, and the level debug with DEBUG=true', () => {
    expect(makeLogFile(testConfig(), new FakeClock())).toBeNull();
    expect(logLevels(testConfig({ DEBUG: 'true' }))).toContain('debug');
    expect(existsSync(pathOf())).toBe(false);
  });
});

describe('the request log', () => {
  test('has a line for a request whose client disconnects before the response', async () => {
    const lines: string[] = [];
    vi.spyOn(Logger.prototype, 'log').mockImplementation(
      (message: unknown) => void lines.push(String(message)),
    );
    const reached = Promise.withResolvers<null>();
    const held = Promise.withResolvers<null>();
    const { app } = await startTestApp({
      extend: (server) => {
        server.get(
          '/held',
          { config: { access: { public: 'A route of this test that waits.' } } },
          async () => {
            reached.resolve(null);
            await held.promise;
            return {};
          },
        );
      },
    });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const client = request({ port, host: '127.0.0.1', path: '/held?code=s3cret' });
    client.on('error', () => undefined).end();
    await reached.promise;
    client.destroy();
    await vi.waitFor(() =>
      expect(lines).toContainEqual(
        expect.stringMatching(/^GET \/held aborted by the client [\d.]+ ms [\w-]+$/),
      ),
    );
    held.resolve(null);
    await app.close();
    expect(lines.filter((line) => line.includes('/held'))).toHaveLength(1);
  });
});
