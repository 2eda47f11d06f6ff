import { closeSync, openSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StdoutSink } from '../../src/audit/stdout-sink.ts';
import { AuditFolder } from '../support/audit-files.ts';

let folder: AuditFolder;
let descriptor: number;
beforeEach(() => {
  folder = new AuditFolder();
  descriptor = openSync(folder.file, 'a');
});
afterEach(() => {
  closeSync(descriptor);
  folder[Symbol.dispose]();
});

test('standard output receives one line per record', async () => {
  await new StdoutSink(descriptor).write({ lines: ['{"seq":1}', '{"seq":2}'], rotates: true });
  expect(readFileSync(folder.file, 'utf8')).toBe('{"seq":1}\n{"seq":2}\n');
});

test('standard output on a full disk fails', async () => {
  const full = openSync('/dev/full', 'w');
  await expect(new StdoutSink(full).write({ lines: ['{}'], rotates: false })).rejects.toMatchObject({
    code: 'ENOSPC',
  });
  closeSync(full);
});
