import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeAudit as makeAuditFrom, makeAuditReader } from '../../src/audit/make-audit.ts';
import { StdoutSink } from '../../src/audit/stdout-sink.ts';
import type { AuditTrail } from '../../src/audit/audit-trail.ts';
import type { Config } from '../../src/config/settings.ts';
import { AuditFolder } from '../support/audit-files.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { testConfig } from '../support/test-app.ts';

let folder: AuditFolder;
// Not restored: records are written after a test has ended.
vi.spyOn(StdoutSink.prototype, 'write').mockResolvedValue();
const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
beforeEach(() => {
  folder = new AuditFolder();
  warn.mockClear();
});
afterEach(() => folder[Symbol.dispose]());

function makeAudit(config: Config): AuditTrail {
  return makeAuditFrom(config, new FakeClock(), makeAuditReader(config));
}

function requiredOf(environment: Record<string, string>): string[] {
  const { sinks } = makeAudit(testConfig(environment)).head();
  return sinks.map(({ name, required }) => `${name}${required ? ' required' : ''}`);
}

test('the file is required if there is one, otherwise standard output', () => {
  const folders = { LOG_DIR: join(folder.path, 'new', 'logs') };
  expect(requiredOf({})).toEqual(['stdout required']);
  expect(requiredOf(folders)).toEqual(['file required', 'stdout']);
  expect(requiredOf({ ...folders, AUDIT_REQUIRED: 'stdout' })).toEqual(['file', 'stdout required']);
});

test('a start without a kept key warns, and one with a kept key does not', () => {
  makeAudit(testConfig({ AUDIT_SIGNING_KEY: Buffer.alloc(32, 7).toString('base64') })).start();
  expect(warn).not.toHaveBeenCalled();
  const audit = makeAudit(testConfig());
  audit.start();
  expect(warn.mock.calls).toEqual([[expect.stringContaining(audit.head().key.public)]]);
});
