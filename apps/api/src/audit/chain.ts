import type { KeyObject } from 'node:crypto';
import type { AuditEntry } from './audit-log.ts';
import {
  hashOfLine,
  lineOf,
  noHash,
  type ChainPlace,
  type RecordExtras,
  type RecordPlace,
} from './record-line.ts';
import { publicKeyOf, signText, type PublicKey } from './signature.ts';

/** A signed statement about the chain: the record `seq` has the hash `head`, and the chain leads up to it. */
export interface Checkpoint {
  readonly seq: number;
  readonly head: string;
  readonly time: string;
  /** The id of the key. */
  readonly key: string;
  readonly signature: string;
}

/** Returns the text that a checkpoint signs. The first line keeps a signature from having any other meaning. */
export function signedText({ head, seq, time, key }: Omit<Checkpoint, 'signature'>): string {
  return ['aether-v audit checkpoint', head, seq, time, key].join('\n');
}

/** The chain of one process: each record contains the hash of the record before. Knows neither files nor time. */
export class AuditChain {
  readonly key: PublicKey;
  readonly #privateKey: KeyObject;
  readonly #previous: ChainPlace | null;
  #seq = 0;
  #hash: string;
  #checkpoint: Checkpoint | null = null;

  /** @param previous The last record of an earlier chain, which this chain continues; null if there is none. */
  constructor(privateKey: KeyObject, previous: ChainPlace | null) {
    this.#previous = previous;
    this.#privateKey = privateKey;
    this.key = publicKeyOf(privateKey);
    this.#hash = previous?.hash ?? noHash;
  }

  /** The last record. */
  get head(): { readonly seq: number; readonly hash: string } {
    return { seq: this.#seq, hash: this.#hash };
  }

  /** The last checkpoint. */
  get checkpoint(): Checkpoint | null {
    return this.#checkpoint;
  }

  /** Returns the line of the first record. */
  start(time: string, details: string | null): string {
    const start = { previous: this.#previous, key: this.key };
    return this.#append({ ...ownEntry, action: 'audit.start', details }, { start }, time);
  }

  /** Returns the line of the next record. */
  append(entry: AuditEntry, time: string): string {
    return this.#append(entry, {}, time);
  }

  /** Returns the line of a checkpoint about the last record. */
  sign(time: string): string {
    const unsigned = { head: this.#hash, seq: this.#seq, time, key: this.key.id };
    const signature = signText(signedText(unsigned), this.#privateKey);
    this.#checkpoint = { ...unsigned, signature };
    const checkpoint = { key: this.key.id, signature };
    return this.#append({ ...ownEntry, action: 'audit.checkpoint' }, { checkpoint }, time);
  }

  #append(entry: AuditEntry, extras: RecordExtras, timestamp: string): string {
    const place: RecordPlace = { timestamp, seq: this.#seq + 1, prev: this.#hash };
    const line = lineOf(entry, extras, place);
    this.#seq = place.seq;
    this.#hash = hashOfLine(line);
    return line;
  }
}

/** Fields that all records of the audit about itself share. */
export const ownEntry: AuditEntry = {
  action: 'audit',
  status: 'succeeded',
  details: null,
  actor: { id: null, name: 'Aether-V' },
  clientIp: null,
  method: null,
  object: { kind: 'none', id: null, name: null },
  job: null,
  host: null,
  request: null,
};
