import { createHash } from 'node:crypto';
import { escapeControls } from '../logs/escape-controls.ts';
import type { AuditEntry } from './audit-log.ts';
import type { PublicKey } from './signature.ts';

/** A place in a chain: the hash of a line and its number. */
export interface ChainPlace {
  readonly hash: string;
  /** Null if the line contains no number. */
  readonly seq: number | null;
}

/** The fields of a record that only some records have. */
export interface RecordExtras {
  /** In the first record of a chain: the last record of the file before, and the key of the chain. */
  readonly start?: { readonly previous: ChainPlace | null; readonly key: PublicKey };
  /** In a checkpoint: the id of its key, and the signature. */
  readonly checkpoint?: { readonly key: string; readonly signature: string };
}

/** The place of a record, and its time. */
export interface RecordPlace {
  readonly timestamp: string;
  readonly seq: number;
  readonly prev: string;
}

/** The maximum length of a text in a record, in UTF-16 code units. */
const maxText = 256;

/** The maximum length of a line, in bytes. All texts of a record at their longest stay below it. */
export const maxLineBytes = 32 * 1024;

/** The hash before the first record of all. */
export const noHash = '0'.repeat(64);

/** Returns the SHA-256 of a line without its line break, in hexadecimal. */
export function hashOfLine(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex');
}

/**
 * Returns a record as one line of JSON without its line break. Texts are cut, and characters that end a line or control a
 * terminal are escaped, so no text can start another record.
 */
export function lineOf(entry: AuditEntry, extras: RecordExtras, place: RecordPlace): string {
  const { action, status, details, actor, clientIp, method, object, job, host, request } = entry;
  const { options, signature, restored } = entry;
  const record = {
    timestamp: place.timestamp,
    action: cut(action),
    vm: object.kind === 'vm' ? cut(object.name ?? object.id) : null,
    client_ip: cut(clientIp),
    status,
    details: cut(details),
    actor: { id: cut(actor.id), name: cut(actor.name) },
    method: cut(method),
    object: { kind: object.kind, id: cut(object.id), name: cut(object.name) },
    job: cut(job),
    host: cut(host),
    request: cut(request),
    ...(options === undefined ? {} : { options }),
    ...(restored === true ? { restored } : {}),
    ...(signature === undefined ? {} : { signature }),
    ...extras,
    seq: place.seq,
    prev: place.prev,
  };
  return escapeControls(JSON.stringify(record));
}

function cut(text: string | null): string | null {
  return text === null || text.length <= maxText ? text : `${text.slice(0, maxText - 1)}…`;
}
