import type { Checkpoint } from '../chain.ts';
import { isFields, parseFields, type Fields } from '../record-fields.ts';
import type { PublicKey } from '../signature.ts';

/** The parts of a record that a verifier needs. */
export interface ReadRecord {
  readonly seq: number;
  readonly prev: string;
  readonly time: string;
  readonly start?: { readonly previousHash: string | null; readonly key: PublicKey };
  readonly checkpoint?: Checkpoint;
}

/** Reads a line; null if it is no audit record. */
export function readRecord(line: Uint8Array): ReadRecord | null {
  const fields = parse(line);
  if (fields === null) return null;
  const { seq, prev, timestamp } = fields;
  if (typeof seq !== 'number' || !isHash(prev) || typeof timestamp !== 'string') return null;
  const start = isFields(fields['start']) ? readStart(fields['start']) : undefined;
  const signed = isFields(fields['checkpoint']) ? fields['checkpoint'] : {};
  const { key, signature } = signed;
  const isCheckpoint = typeof key === 'string' && typeof signature === 'string';
  return {
    seq,
    prev,
    time: timestamp,
    ...(start === undefined ? {} : { start }),
    ...(isCheckpoint ? { checkpoint: { seq: seq - 1, head: prev, time: timestamp, key, signature } } : {}),
  };
}

/** Reads a checkpoint from a record, or from the response of `GET /api/v1/audit/head`; null if there is none. */
export function readCheckpoint(line: Uint8Array): Checkpoint | null {
  const record = readRecord(line);
  if (record !== null) return record.checkpoint ?? null;
  const fields = parse(line);
  const checkpoint = fields?.['checkpoint'];
  if (!isFields(checkpoint)) return null;
  const { seq, head, time, key, signature } = checkpoint;
  if (typeof seq !== 'number' || !isHash(head)) return null;
  if (typeof time !== 'string' || typeof key !== 'string' || typeof signature !== 'string') return null;
  return { seq, head, time, key, signature };
}

function readStart({ previous, key }: Fields): ReadRecord['start'] {
  if (!isFields(key) || typeof key['id'] !== 'string' || typeof key['public'] !== 'string') return undefined;
  const previousHash = isFields(previous) && isHash(previous['hash']) ? previous['hash'] : null;
  return { previousHash, key: { id: key['id'], public: key['public'] } };
}

function parse(line: Uint8Array): Fields | null {
  try {
    return parseFields(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch {
    return null;
  }
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
