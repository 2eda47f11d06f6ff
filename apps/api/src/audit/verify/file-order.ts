import { noHash } from '../record-line.ts';

/** A file that does not continue the file before it. */
export interface OrderFinding {
  readonly kind: 'order' | 'cut' | 'unlinked';
  readonly file: string;
  readonly text: string;
}

interface Ends {
  readonly file: string;
  /** The hash that the first record names; null if the first line is no record. */
  firstPrev: string | null;
  /** The hash of the last line; null before the first. */
  lastHash: string | null;
}

/** Compares the first record of each file with the last records of all. */
export class FileOrder {
  readonly #files: Ends[] = [];

  begin(file: string): void {
    this.#files.push({ file, firstPrev: null, lastHash: null });
  }

  /** Takes the next line. @param prev The hash that it names; null if it is no record. */
  line(prev: string | null, hash: string): void {
    const file = this.#files.at(-1);
    if (file === undefined) return;
    if (file.lastHash === null) file.firstPrev = prev;
    file.lastHash = hash;
  }

  findings(): OrderFinding[] {
    const files = this.#files.filter(({ lastHash }) => lastHash !== null);
    return files.slice(1).flatMap(({ file, firstPrev }, at): OrderFinding[] => {
      const before = files[at];
      // A first line that is no record has its own finding.
      if (before === undefined || firstPrev === null || firstPrev === before.lastHash) return [];
      const right = files.find(({ lastHash }) => lastHash === firstPrev);
      if (right !== undefined) return [{ kind: 'order', file, text: `the file before it is ${right.file}` }];
      if (firstPrev === noHash) {
        return [{ kind: 'unlinked', file, text: `its chain does not name the end of ${before.file}` }];
      }
      return [
        {
          kind: 'cut',
          file,
          text: `records are missing between it and ${before.file}, or its end was changed`,
        },
      ];
    });
  }
}
