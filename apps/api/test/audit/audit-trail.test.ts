import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newSigningKey, publicKeyOf } from '../../src/audit/signature.ts';
import type { AuditSink, SinkBatch } from '../../src/audit/sink.ts';
import { entryFor } from '../support/audit-chains.ts';
import { AuditFolder, trailOf, trailTo } from '../support/audit-files.ts';
import { FakeClock } from '../support/fake-clock.ts';

let folder: AuditFolder;
beforeEach(() => (folder = new AuditFolder()));
afterEach(() => folder[Symbol.dispose]());

interface SeenRecord {
  readonly action: string;
  readonly vm: string | null;
  readonly status: string;
  readonly details: string | null;
}

function recordsIn(file: string): SeenRecord[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as SeenRecord);
}

/** A sink that keeps its lines, fails or hangs as told. */
class TestSink implements AuditSink {
  readonly name = 'stdout';
  readonly batches: (readonly string[])[] = [];
  fault: 'ENOSPC' | 'hangs' | undefined;

  async write({ lines }: SinkBatch): Promise<void> {
    if (this.fault === 'hangs') await new Promise(() => undefined);
    if (this.fault !== undefined) throw Object.assign(new Error('fails'), { code: this.fault });
    this.batches.push(lines);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('the audit trail', () => {
  test('has written an attempt when it resolves, and signs the end of the chain', async () => {
    const privateKey = newSigningKey();
    const trail = trailTo(folder.file, { privateKey });
    await trail.attempt(entryFor('web01'));
    expect(recordsIn(folder.file)).toMatchObject([
      { action: 'audit.start' },
      { action: 'vm.start', vm: 'web01', status: 'requested' },
    ]);
    trail.record(entryFor('web01', { status: 'accepted', details: '202' }));
    await trail.onApplicationShutdown();
    const { code, text } = await folder.verify('--key', publicKeyOf(privateKey).public);
    expect({ code, text }).toMatchObject({
      code: 0,
      text: expect.stringContaining('Proven up to') as string,
    });
    expect(trail.head()).toMatchObject({
      seq: 4,
      checkpoint: { seq: 3 },
      sinks: [{ name: 'file', problem: null }],
    });
  });

  test('writes concurrent attempts together', async () => {
    const sink = new TestSink();
    const trail = trailTo(folder.file, { more: [{ sink, isRequired: true }] });
    await trail.attempt(entryFor('first'));
    await Promise.all(Array.from({ length: 50 }, (_, at) => trail.attempt(entryFor(`vm-${at}`))));
    expect(sink.batches.map((lines) => lines.length)).toEqual([2, 50]);
  });

  test('signs a checkpoint after 100 records, and after 5 minutes with news', async () => {
    const clock = new FakeClock();
    const trail = trailTo(folder.file, { clock });
    for (let number = 1; number <= 99; number += 1) trail.record(entryFor(`vm-${number}`));
    expect(trail.head().checkpoint).toMatchObject({ seq: 100 });
    await clock.advance(10 * 60_000);
    expect(trail.head().seq).toBe(101);
    trail.record(entryFor('late'));
    await clock.advance(5 * 60_000);
    expect(trail.head()).toMatchObject({ seq: 103, checkpoint: { seq: 102 } });
    await trail.onApplicationShutdown();
    expect(clock.waiting).toBe(0);
  });

  test('continues the chain in a new file at the size limit, and keeps so many full files', async () => {
    const privateKey = newSigningKey();
    const trail = trailTo(folder.file, { privateKey, fileBytes: 5000, keep: 3 });
    for (let number = 1; number <= 30; number += 1) await trail.attempt(entryFor(`vm-${number}`));
    await trail.onApplicationShutdown();
    const key = ['--key', publicKeyOf(privateKey).public];
    expect(folder.files()).toEqual(
      ['.3', '.2', '.1', ''].map((end) => `${folder.file}${end}`).slice(-folder.files().length),
    );
    expect(folder.files().length).toBeGreaterThan(2);
    expect(await folder.verify(...key)).toMatchObject({ code: 0 });
    // A restart begins where the last file ends.
    const next = trailTo(folder.file, { privateKey, fileBytes: 5000, keep: 3 });
    for (let number = 1; number <= 60; number += 1) await next.attempt(entryFor(`vm-${number}`));
    await next.onApplicationShutdown();
    expect(folder.files()).toHaveLength(4);
    expect(await folder.verify(...key)).toMatchObject({ code: 0 });
  });

  test('continues after a restart without a kept key, whose signatures only the file itself proves', async () => {
    for (const vm of ['one', 'two']) {
      const trail = trailTo(folder.file);
      await trail.attempt(entryFor(vm));
      await trail.onApplicationShutdown();
    }
    const { code, text } = await folder.verify();
    expect(code).toBe(0);
    expect(text.match(/is known only from the files/g)).toHaveLength(2);
  });

  test('removes a torn last line when it starts, and goes on', async () => {
    const trail = trailTo(folder.file);
    await trail.attempt(entryFor('one'));
    await trail.onApplicationShutdown();
    appendFileSync(folder.file, '{"timestamp":"2026-01-');
    expect(await folder.verify()).toMatchObject({
      code: 0,
      text: expect.stringContaining('Torn last line') as string,
    });
    const next = trailTo(folder.file);
    await next.attempt(entryFor('two'));
    await next.onApplicationShutdown();
    const { code, text } = await folder.verify();
    expect(code).toBe(0);
    expect(text).not.toContain('Torn');
  });

  test('removes a whole batch that a loss of power left as zeros, and goes on', async () => {
    const trail = trailTo(folder.file);
    await trail.attempt(entryFor('one'));
    await trail.onApplicationShutdown();
    appendFileSync(folder.file, Buffer.alloc(300_000));
    const next = trailTo(folder.file);
    await next.attempt(entryFor('two'));
    await next.onApplicationShutdown();
    expect(recordsIn(folder.file).flatMap(({ vm }) => vm ?? [])).toEqual(['one', 'two']);
    expect((await folder.verify()).code).toBe(0);
  });

  test('removes a torn last line where files opened for appending cannot be cut, as on Windows', async () => {
    appendFileSync(folder.file, '{"timestamp":"2026-01-');
    const handle = await open(folder.file, 'a');
    await handle.close();
    using cut = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'truncate');
    cut.mockRejectedValue(Object.assign(new Error('fails'), { code: 'EPERM' }));
    const trail = trailTo(folder.file);
    await trail.attempt(entryFor('one'));
    await trail.onApplicationShutdown();
    expect(recordsIn(folder.file).flatMap(({ vm }) => vm ?? [])).toEqual(['one']);
  });

  test('loses no accepted record when its process is killed while it writes, and goes on', async () => {
    const child = spawn(process.execPath, writerArguments(), { stdio: ['ignore', 'pipe', 'inherit'] });
    const accepted: number[] = [];
    const exit = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout })) {
      accepted.push(Number(line));
      if (accepted.length === 300) child.kill('SIGKILL');
    }
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect((await folder.verify()).code).toBe(0);
    expect(missingFrom(folder.file, accepted)).toEqual([]);
    const next = trailTo(folder.file);
    await next.attempt(entryFor('after'));
    await next.onApplicationShutdown();
    expect(await folder.verify()).toMatchObject({ code: 0 });
  }, 60_000);

  test('finds a cut tail by the output that was kept elsewhere', async () => {
    const trail = trailTo(folder.file);
    for (let number = 1; number <= 5; number += 1) await trail.attempt(entryFor(`vm-${number}`));
    await trail.onApplicationShutdown();
    using elsewhere = new AuditFolder();
    renameSync(folder.file, elsewhere.file);
    const lines = readFileSync(elsewhere.file, 'utf8').split('\n');
    appendFileSync(
      folder.file,
      lines
        .slice(0, 4)
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect((await folder.verify()).code).toBe(0);
    const { code, text } = await folder.verify('--checkpoints', elsewhere.file);
    expect(code).toBe(1);
    expect(text).toContain('the end was cut');
  });
});

test('a file of kept checkpoints without any is unusable', async () => {
  const trail = trailTo(folder.file);
  await trail.attempt(entryFor('one'));
  await trail.onApplicationShutdown();
  using elsewhere = new AuditFolder();
  // An output that PowerShell redirected.
  writeFileSync(elsewhere.file, readFileSync(folder.file, 'utf8'), 'utf16le');
  expect(await folder.verify('--checkpoints', elsewhere.file)).toEqual({
    code: 2,
    text: `${elsewhere.file} contains no checkpoint. It must be UTF-8, with each record or response in one line.\n`,
  });
});

/** The arguments of Node for a process that writes records to the file. */
function writerArguments(): string[] {
  const writer = fileURLToPath(new URL('../support/audit-writer.ts', import.meta.url));
  return ['--conditions=@aether-v/source', writer, folder.file];
}

function missingFrom(file: string, numbers: readonly number[]): number[] {
  const written = new Set(recordsIn(file).map(({ vm }) => vm));
  return numbers.filter((number) => !written.has(`vm-${number}`));
}

const refused = { code: 'audit-unavailable' };

describe('a failing sink', () => {
  test('a full disk refuses attempts until there is space, and the chain stays whole', async () => {
    symlinkSync('/dev/full', folder.file);
    const trail = trailTo(folder.file);
    await expect(trail.attempt(entryFor('one'))).rejects.toMatchObject(refused);
    await expect(trail.attempt(entryFor('two'))).rejects.toThrow(/ENOSPC/);
    trail.record(entryFor('three', { status: 'refused', details: '503' }));
    unlinkSync(folder.file);
    await trail.attempt(entryFor('four'));
    await trail.onApplicationShutdown();
    // The first attempt was recorded and refused; the second only tested the sink.
    expect(recordsIn(folder.file).flatMap(({ vm }) => vm ?? [])).toEqual(['one', 'three', 'four']);
    expect((await folder.verify()).code).toBe(0);
  });

  test('a disk that fills up during a write leaves no record twice, and the chain goes on', async () => {
    // A limit of the file size stops a write in the middle, as a full disk does.
    const limited = `trap '' XFSZ; ulimit -f 16; exec "$@"`;
    const child = spawn('sh', ['-c', limited, 'sh', process.execPath, ...writerArguments()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const accepted: number[] = [];
    for await (const line of createInterface({ input: child.stdout })) accepted.push(Number(line));
    expect(await exit).toEqual([0, null]);
    expect(accepted.length).toBeGreaterThan(5);
    expect(await folder.verify()).toMatchObject({ code: 0, text: expect.stringContaining('Torn') as string });
    expect(missingFrom(folder.file, accepted)).toEqual([]);
    const next = trailTo(folder.file);
    await next.attempt(entryFor('after'));
    await next.onApplicationShutdown();
    expect(await folder.verify()).toMatchObject({ code: 0 });
  }, 60_000);

  test('a removed folder refuses attempts until it is back', async () => {
    const path = join(folder.path, 'logs', 'audit.log');
    const trail = trailTo(path);
    await trail.attempt(entryFor('one'));
    renameSync(join(folder.path, 'logs'), join(folder.path, 'gone'));
    await expect(trail.attempt(entryFor('two'))).rejects.toThrow(/ENOENT/);
    mkdirSync(join(folder.path, 'logs'));
    await trail.attempt(entryFor('three'));
    await trail.onApplicationShutdown();
    expect(recordsIn(path).flatMap(({ vm }) => vm ?? [])).toEqual(['two', 'three']);
  });

  test('works again without requests', async () => {
    symlinkSync('/dev/full', folder.file);
    const clock = new FakeClock();
    const trail = trailTo(folder.file, { clock });
    trail.record(entryFor('one', { job: 'j1', status: 'failed' }));
    await vi.waitFor(() => expect(trail.head().sinks[0]?.problem).toBe('ENOSPC'));
    unlinkSync(folder.file);
    await clock.advance(1000);
    await vi.waitFor(() => expect(trail.head().sinks[0]?.problem).toBeNull());
    expect(recordsIn(folder.file).map(({ vm }) => vm)).toEqual([null, 'one']);
    await trail.onApplicationShutdown();
  });

  test('that does not respond refuses attempts after five seconds', async () => {
    const clock = new FakeClock();
    const sink = new TestSink();
    sink.fault = 'hangs';
    const trail = trailOf([{ sink, isRequired: true }], { clock });
    const attempt = expect(trail.attempt(entryFor('one'))).rejects.toThrow(/stdout: it does not respond/);
    await clock.advance(5000);
    await attempt;
    // Nor does it delay the end of the service.
    const end = trail.onApplicationShutdown();
    await clock.advance(5000);
    await end;
  });

  test('that is not required refuses nothing', async () => {
    const sink = new TestSink();
    sink.fault = 'ENOSPC';
    const trail = trailTo(folder.file, { more: [{ sink, isRequired: false }] });
    await trail.attempt(entryFor('one'));
    await vi.waitFor(() =>
      expect(trail.head().sinks[1]).toEqual({ name: 'stdout', required: false, problem: 'ENOSPC' }),
    );
    await trail.onApplicationShutdown();
  });

  test('keeps a bounded number of records, refuses attempts, and reports the number of lost ones', async () => {
    const sink = new TestSink();
    sink.fault = 'ENOSPC';
    const clock = new FakeClock();
    const trail = trailOf([{ sink, isRequired: true }], { clock });
    for (let number = 0; number < 3000; number += 1) trail.record(entryFor('x', { status: 'refused' }));
    for (let number = 0; number < 3000; number += 1)
      trail.record(entryFor('x', { job: 'j', status: 'failed' }));
    await expect(trail.attempt(entryFor('late'))).rejects.toMatchObject(refused);
    sink.fault = undefined;
    await trail.attempt(entryFor('after'));
    const lines = sink.batches.flat();
    expect(lines.length).toBeLessThan(4300);
    const lost = lines
      .map((line) => JSON.parse(line) as SeenRecord)
      .filter(({ action }) => action === 'audit.lost');
    expect(lost).toMatchObject([{ details: expect.stringMatching(/^[0-9]+ records were lost/) as string }]);
    await trail.onApplicationShutdown();
  });

  test('reports the number of lost records at the end of the service, if no record followed', async () => {
    const sink = new TestSink();
    sink.fault = 'ENOSPC';
    const clock = new FakeClock();
    const trail = trailOf([{ sink, isRequired: true }], { clock });
    for (let number = 0; number < 2100; number += 1) trail.record(entryFor('x', { status: 'refused' }));
    await vi.waitFor(() => expect(trail.head().sinks[0]?.problem).toBe('ENOSPC'));
    sink.fault = undefined;
    await clock.advance(1000);
    await vi.waitFor(() => expect(trail.head().sinks[0]?.problem).toBeNull());
    await trail.onApplicationShutdown();
    expect(sink.batches.flat().slice(-2)).toMatchObject([
      expect.stringMatching(/"action":"audit.lost".*"details":"[0-9]+ records were lost/),
      expect.stringContaining('"action":"audit.checkpoint"'),
    ]);
  });

  test('a file removed by another process is reported', async () => {
    const warn = vi.fn();
    const trail = trailTo(folder.file, { warn, fileBytes: 2000 });
    for (let number = 1; number <= 9; number += 1) await trail.attempt(entryFor(`vm-${number}`));
    expect(warn).not.toHaveBeenCalled();
    await trail.attempt(entryFor('before'));
    unlinkSync(folder.file);
    await trail.attempt(entryFor('after'));
    expect(warn.mock.calls).toEqual([[expect.stringContaining('Another process')]]);
    await trail.onApplicationShutdown();
  });

  test('a file that is no audit file stays as it is', async () => {
    writeFileSync(folder.file, 'text without a line break');
    const trail = trailTo(folder.file);
    await expect(trail.attempt(entryFor('one'))).rejects.toThrow(/does not end with an audit record/);
    expect(readFileSync(folder.file, 'utf8')).toBe('text without a line break');
    await trail.onApplicationShutdown();
  });

  test('a file cut by another process is reported, and found by the verification', async () => {
    const warn = vi.fn();
    const trail = trailTo(folder.file, { warn });
    for (let number = 1; number <= 5; number += 1) await trail.attempt(entryFor(`vm-${number}`));
    truncateSync(
      folder.file,
      readFileSync(folder.file, 'utf8').split('\n').slice(0, 3).join('\n').length + 1,
    );
    await trail.attempt(entryFor('after'));
    expect(warn.mock.calls).toEqual([[expect.stringContaining('Another process')]]);
    await trail.onApplicationShutdown();
    expect(await folder.verify()).toMatchObject({
      code: 1,
      text: expect.stringContaining('cut: ') as string,
    });
  });
});
