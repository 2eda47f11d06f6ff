import { signedText, type Checkpoint } from '../chain.ts';
import { hashOfLine, noHash } from '../record-line.ts';
import { isSignedBy, parsePublicKey, type PublicKey } from '../signature.ts';
import { FileOrder } from './file-order.ts';
import { readRecord, type ReadRecord } from './read-record.ts';

/** A proof that the files are not what the service wrote. */
export interface Finding {
  readonly kind: 'edited' | 'cut' | 'order' | 'unlinked' | 'wrong-key' | 'not-signed';
  readonly file: string;
  /** The number of a line; 0 means the whole file. */
  readonly line: number;
  readonly text: string;
}

/** The last line that a valid checkpoint covers. */
export interface Proven {
  readonly file: string;
  readonly line: number;
  readonly time: string;
}

/** Records that no checkpoint can cover, because their chain breaks or another starts after them. */
export interface Gap {
  readonly file: string;
  /** The number of the line after them. */
  readonly line: number;
  readonly count: number;
}

/** The result of a verification. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly records: number;
  /** The number of the first record in its chain if earlier records exist; null if the files are complete. */
  readonly beginsAt: number | null;
  readonly proven: Proven | null;
  /** The first gaps. Checkpoints after a gap do not prove its records. */
  readonly gaps: readonly Gap[];
  /** The number of records after the last valid checkpoint. */
  readonly unproven: number;
  /** The number of bytes after the last complete line. */
  readonly torn: number;
  /** The keys of valid checkpoints. */
  readonly keys: readonly PublicKey[];
}

interface Last {
  readonly hash: string;
  /** Null if the line is no record. */
  readonly seq: number | null;
}

/** The maximum number of findings, and of gaps, that are kept. */
const maxFindings = 100;

/** Verifies audit files line by line, oldest first. Does no I/O. */
export class ChainVerifier {
  readonly #key: PublicKey | null;
  /** Checkpoints kept elsewhere whose records have not been seen, by the hash of the record. */
  readonly #kept: Map<string, Checkpoint>;
  readonly #findings: Finding[] = [];
  readonly #gaps: Gap[] = [];
  readonly #order = new FileOrder();
  /** The keys by which checkpoints are verified, and those that verified one. */
  readonly #known = new Map<string, PublicKey>();
  readonly #used = new Set<PublicKey>();
  #chainKey: PublicKey | null = null;
  #file = '';
  #line = 0;
  #last: Last | undefined;
  #records = 0;
  #beginsAt: number | null = null;
  #firstTime = '';
  #proven: Proven | null = null;
  #unproven = 0;
  #torn = 0;

  /**
   * @param key The key that must have signed all checkpoints. Null trusts the keys that the files name.
   * @param kept Checkpoints that were kept elsewhere.
   */
  constructor(key: PublicKey | null = null, kept: readonly Checkpoint[] = []) {
    this.#key = key;
    if (key !== null) this.#known.set(key.id, key);
    this.#kept = new Map(kept.map((checkpoint) => [checkpoint.head, checkpoint]));
  }

  beginFile(name: string): void {
    // Only the last file can have been written to when the service crashed.
    if (this.#torn > 0) this.#find('edited', this.#line + 1, 'the file does not end with a complete line');
    this.#torn = 0;
    this.#file = name;
    this.#line = 0;
    this.#order.begin(name);
  }

  /** Reads the next complete line, without its line break. */
  line(bytes: Uint8Array): void {
    this.#line += 1;
    this.#records += 1;
    this.#unproven += 1;
    const record = readRecord(bytes);
    // A start names the end of the file as the service found it, which proves nothing about who wrote that.
    if (record?.prev !== this.#last?.hash || record?.start !== undefined) this.#leaveGap();
    if (record === null) this.#find('edited', this.#line, 'this line is no audit record');
    else this.#check(record);
    const hash = hashOfLine(bytes);
    this.#order.line(record?.prev ?? null, hash);
    this.#last = { hash, seq: record?.seq ?? null };
    const kept = this.#kept.get(hash);
    if (kept !== undefined && this.#isValid(kept)) {
      this.#kept.delete(hash);
      this.#prove(this.#line, kept.time);
    }
  }

  /** Ends the file. @param torn The number of bytes after its last line break. */
  endFile(torn: number): void {
    this.#torn = torn;
  }

  verdict(): Verdict {
    const order = this.#order.findings().map((finding) => ({ ...finding, line: 0 }));
    const kept = [...this.#kept.values()].filter((checkpoint) => !this.#isOfEarlierFile(checkpoint));
    const missing = kept.map((checkpoint) => this.#missing(checkpoint));
    return {
      findings: [...this.#findings, ...order, ...missing],
      records: this.#records,
      beginsAt: this.#beginsAt,
      proven: this.#proven,
      gaps: [...this.#gaps],
      unproven: this.#unproven,
      torn: this.#torn,
      keys: [...this.#used],
    };
  }

  #check(record: ReadRecord): void {
    const last = this.#last;
    if (record.start !== undefined) this.#checkStart(record, record.start);
    if (last === undefined) {
      this.#beginsAt = record.prev === noHash ? null : record.seq;
      this.#firstTime = record.time;
    } else if (record.prev !== last.hash) this.#findBreak(record, last);
    else if (record.start === undefined && last.seq !== null && record.seq !== last.seq + 1) {
      this.#find('edited', this.#line, `the number ${record.seq} does not follow ${last.seq}`);
    }
    const isLinked = record.prev === last?.hash;
    if (record.checkpoint !== undefined) this.#checkCheckpoint(record.checkpoint, isLinked);
  }

  #checkStart(record: ReadRecord, { previousHash, key }: NonNullable<ReadRecord['start']>): void {
    if (record.seq !== 1 || record.prev !== (previousHash ?? noHash)) {
      this.#find('edited', this.#line, 'this start of a chain contradicts itself');
    }
    // The id must be that of the key, or a foreign key could pass as the wanted one.
    this.#chainKey = parsePublicKey(key.public);
    if (this.#key === null && this.#chainKey !== null) this.#learn(this.#chainKey);
    if (this.#key !== null && this.#chainKey?.id !== this.#key.id) {
      this.#find(
        'wrong-key',
        this.#line,
        `the chain that starts here is signed with another key (${key.id})`,
      );
    }
  }

  #learn(key: PublicKey): void {
    if (!this.#known.has(key.id)) this.#known.set(key.id, key);
  }

  #findBreak(record: ReadRecord, last: Last): void {
    // The first line of a file is compared with the ends of all files.
    if (this.#line === 1) return;
    if (record.start !== undefined && record.prev === noHash) {
      this.#find('unlinked', this.#line, 'a chain starts here without naming the record before');
    } else if (last.seq !== null && record.start === undefined && record.seq > last.seq + 1) {
      this.#find('cut', this.#line, `${record.seq - last.seq - 1} records are missing before this line`);
    } else if (last.seq !== null && record.seq === last.seq + 1) {
      this.#find('edited', this.#line - 1, 'the next record has another hash for this line');
    } else {
      this.#find(
        'cut',
        this.#line,
        'this record does not follow the line before: records are missing or were added',
      );
    }
  }

  #checkCheckpoint(checkpoint: Checkpoint, isLinked: boolean): void {
    const expected = this.#key ?? this.#chainKey;
    if (expected === null) return;
    if (checkpoint.key !== expected.id) {
      this.#find('wrong-key', this.#line, `this checkpoint is signed with another key (${checkpoint.key})`);
    } else if (!this.#isValid(checkpoint)) {
      this.#find('not-signed', this.#line, 'the signature does not match the records before this line');
    } else if (isLinked) {
      // The checkpoint signs its own number, time and key.
      this.#prove(this.#line - 1, checkpoint.time);
    }
  }

  #prove(line: number, time: string): void {
    this.#proven = { file: this.#file, line, time };
    this.#unproven = 0;
  }

  #leaveGap(): void {
    const count = this.#unproven - 1;
    this.#unproven = 1;
    if (count === 0 || this.#gaps.length === maxFindings) return;
    this.#gaps.push({ file: this.#file, line: this.#line, count });
  }

  #isValid(checkpoint: Checkpoint): boolean {
    const key = this.#known.get(checkpoint.key);
    if (key === undefined || !isSignedBy(signedText(checkpoint), checkpoint.signature, key)) return false;
    this.#used.add(key);
    return true;
  }

  /** The time of the first record only counts if it is proven. */
  #isOfEarlierFile({ time }: Checkpoint): boolean {
    if (this.#beginsAt === null || this.#proven === null) return false;
    return Date.parse(time) < Date.parse(this.#firstTime);
  }

  /** Returns the finding for a checkpoint kept elsewhere whose record is in no file. */
  #missing(checkpoint: Checkpoint): Finding {
    const { seq, time, key } = checkpoint;
    const finding = { file: this.#file, line: 0 };
    if (!this.#isValid(checkpoint)) {
      const text = `the checkpoint of ${time} that was kept elsewhere is signed with another key (${key})`;
      return { ...finding, kind: 'wrong-key', text };
    }
    const text = `the checkpoint of ${time} proves a record ${seq} that is not here: the end was cut, or files are missing`;
    return { ...finding, kind: 'cut', text };
  }

  #find(kind: Finding['kind'], line: number, text: string): void {
    if (this.#findings.length < maxFindings) this.#findings.push({ kind, file: this.#file, line, text });
  }
}
