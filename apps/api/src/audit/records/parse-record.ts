import { auditStatuses, type AuditRecord, type AuditStatus } from '@aether-v/types';
import { isFields, isOption, parseFields } from '../record-fields.ts';

const timePattern = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?Z$/;

/** Parses a line of the audit log; null if it is not a record. Other programs may have written to the file. */
export function parseRecord(line: Buffer | string | null): AuditRecord | null {
  const fields = line === null ? null : parseFields(line.toString());
  if (fields === null) return null;
  const { timestamp, seq, action, status, actor, object } = fields;
  if (typeof timestamp !== 'string' || !timePattern.test(timestamp)) return null;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return null;
  if (typeof action !== 'string' || !isStatus(status) || !isFields(actor) || !isFields(object)) return null;
  if (typeof actor['name'] !== 'string' || typeof object['kind'] !== 'string') return null;
  return {
    timestamp,
    seq,
    action,
    status,
    details: textOf(fields['details']),
    actor: { id: textOf(actor['id']), name: actor['name'] },
    clientIp: textOf(fields['client_ip']),
    method: textOf(fields['method']),
    object: { kind: object['kind'], id: textOf(object['id']), name: textOf(object['name']) },
    job: textOf(fields['job']),
    host: textOf(fields['host']),
    request: textOf(fields['request']),
    options: optionsOf(fields['options']),
    restored: fields['restored'] === true,
  };
}

function isStatus(value: unknown): value is AuditStatus {
  return auditStatuses.some((status) => status === value);
}

function optionsOf(value: unknown): AuditRecord['options'] {
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, option]) =>
    isOption(option) ? [{ name, value: option }] : [],
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
