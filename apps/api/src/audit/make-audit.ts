import { join, resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import type { Clock } from '../common/clock.ts';
import type { Config } from '../config/settings.ts';
import { AuditTrail } from './audit-trail.ts';
import { beginningOf, noBeginning } from './beginning.ts';
import { FileSink } from './file-sink.ts';
import type { AuditReader } from './records/audit-reader.ts';
import { FileReader } from './records/file-reader.ts';
import { MemoryReader } from './records/memory-reader.ts';
import { newSigningKey, type PublicKey } from './signature.ts';
import type { AuditSink } from './sink.ts';
import { StdoutSink } from './stdout-sink.ts';

/** The size at which a new audit file begins, in bytes. */
const fileBytes = 64 * 1024 * 1024;
/** The number of full audit files to keep. */
export const keptAuditFiles = 10;

/** Builds the reader of the audit log that the configuration describes. */
export function makeAuditReader(config: Config): AuditReader {
  const path = auditPathOf(config);
  return path === null ? new MemoryReader() : new FileReader({ path, keep: keptAuditFiles });
}

/** Builds the audit log that the configuration describes. */
export function makeAudit(config: Config, clock: Clock, reader: AuditReader): AuditTrail {
  const { auditRequired, auditSigningKey } = config;
  const log = new Logger('Audit');
  const path = auditPathOf(config);
  const warn = (message: string): void => log.error(message);
  const sinks: AuditSink[] = [
    ...(path === null ? [] : [new FileSink({ path, keep: keptAuditFiles, warn })]),
    new StdoutSink(),
  ];
  const required = new Set(auditRequired ?? [path === null ? 'stdout' : 'file']);
  return new AuditTrail({
    sinks: sinks.map((sink) => ({ sink, isRequired: required.has(sink.name) })),
    privateKey: auditSigningKey ?? newSigningKey(),
    clock,
    fileBytes,
    onLine: (line) => reader.keep(line),
    readBeginning: () => (path === null ? noBeginning : beginningOf(path)),
    onStart: (key) => auditSigningKey === null && log.warn(withoutKey(key)),
    onSinkChange: (name, problem) => {
      if (problem === null) log.log(`Audit records are written to ${name} again.`);
      else log.error(`Audit records cannot be written to ${name} (${problem}).`);
    },
  });
}

/** Returns the path of the audit file; null if there is none. */
export function auditPathOf({ logDirectory }: Pick<Config, 'logDirectory'>): string | null {
  return logDirectory === null ? null : join(resolve(logDirectory), 'audit.log');
}

function withoutKey(key: PublicKey): string {
  return (
    `AUDIT_SIGNING_KEY is not set, so checkpoints of the audit log are signed with a new key (${key.id}, public ${key.public}). ` +
    'Without the setting a later reader cannot verify the log across starts of the service.'
  );
}
