import { isFields, parseFields } from './record-fields.ts';
import { linesBackwards } from './records/lines-backwards.ts';
import { openAuditFiles } from './records/open-audit-files.ts';
import { reasonOf } from './sink.ts';

/** A signature in an audit record. */
interface RecordedSignature {
  /** As in `AuditEntry.signature`. */
  readonly hash: string;
  readonly action: string;
  readonly vm: string | null;
  /** The id of the principal that used it. */
  readonly actor: string;
  /** The time of the record, in milliseconds since 1970. */
  readonly at: number;
}

/** The signatures in audit files, and the time from which they are complete. */
export interface RecentSignatures {
  readonly signatures: readonly RecordedSignature[];
  /** Milliseconds since 1970; null if the files have no record. */
  readonly completeSince: number | null;
  /** The reason why older records could not be read; null if they could. */
  readonly problem: string | null;
}

/** The maximum number of records with a signature that are kept: each request has two, and more than its share is of no use. */
const defaultMaxSignatures = 250_000;
/** The number of older records after which no newer one is expected: a clock that was wrong at a start may follow others. */
const maxOlder = 100;

/**
 * Reads the signatures of the newest records in `audit.log` and, if it does not reach back far enough, in rotated files.
 *
 * @param since The time before which records are not needed, in milliseconds since 1970.
 */
export async function recentSignatures(
  path: string,
  since: number,
  keptFiles: number,
  maxSignatures = defaultMaxSignatures,
): Promise<RecentSignatures> {
  const signatures: RecordedSignature[] = [];
  let completeSince: number | null = null;
  let older = 0;
  try {
    for await (const { handle, size } of openAuditFiles(path, keptFiles)) {
      for await (const { line } of linesBackwards(handle, size)) {
        const text = line?.toString() ?? '';
        const at = timeOf(text);
        if (at === null) continue;
        older = at < since ? older + 1 : 0;
        const found = at < since ? null : signatureIn(text, at);
        if (found !== null && signatures.length >= maxSignatures) {
          return {
            signatures,
            completeSince: at + 1,
            problem: `it has more than ${maxSignatures} recent signatures`,
          };
        }
        completeSince = at;
        if (older >= maxOlder) return { signatures, completeSince, problem: null };
        if (found !== null) signatures.push(found);
      }
    }
    return { signatures, completeSince, problem: null };
  } catch (error) {
    return { signatures, completeSince, problem: reasonOf(error) };
  }
}

const recordTime = /^\{"timestamp":"([0-9T:.Z-]{20,30})"/;

function timeOf(line: string): number | null {
  const time = Date.parse(recordTime.exec(line)?.[1] ?? '');
  return Number.isNaN(time) ? null : time;
}

function signatureIn(line: string, at: number): RecordedSignature | null {
  if (!line.includes('"signature":"')) return null;
  const { signature, action, vm, actor } = parseFields(line) ?? {};
  if (typeof signature !== 'string' || typeof action !== 'string') return null;
  const id = isFields(actor) ? actor['id'] : null;
  return {
    hash: signature,
    action,
    vm: typeof vm === 'string' ? vm : null,
    actor: typeof id === 'string' ? id : '',
    at,
  };
}
