import { auditStatuses, type AuditRecord, type AuditStatus } from '@aether-v/types';

type Fields = Readonly<Record<string, unknown>>;

const timePattern = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?Z$/;

/** Parses a line of the audit log; null if it is not a record. Other programs may have written to the file. */
export function parseRecord(line: Buffer | string | null): AuditRecord | null {
  const fields = line === null ? null : parse(line);
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

function parse(line: Buffer | string): Fields | null {
  try {
    const value: unknown = JSON.parse(line.toString());
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStatus(value: unknown): value is AuditStatus {
  return auditStatuses.some((status) => status === value);
}

function optionsOf(value: unknown): AuditRecord['options'] {
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, option]) =>
    isSimple(option) ? [{ name, value: option }] : [],
  );
}

function isSimple(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
