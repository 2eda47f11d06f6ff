import type { FactProblem, VmDisk, VmFacts } from '@aether-v/types';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';

/** The data of another host's VM that a deletion needs. */
export interface StorageFacts {
  readonly disks: readonly VmDisk[];
  readonly problems: readonly Pick<FactProblem, 'part'>[];
}

const mebibyte = 1024 * 1024;

/**
 * The maximum size of one host's data held by a deletion, and of all together, in bytes of JSON. A VM with two disks
 * takes about 700 bytes; a host has at most 1,024 running VMs, and a cluster 8,000.
 */
const maxAnswerBytes = 4 * mebibyte;
const maxHeldBytes = 16 * mebibyte;

/** Limits the data of all hosts that deletions hold. */
export class HeldAnswers {
  #bytes = 0;

  /** Reserves space. @returns False if there was none. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > maxHeldBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  free(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** One host's report about the storage of its VMs. */
export class StorageAnswer {
  readonly vms: StorageFacts[] = [];
  readonly #held: HeldAnswers;
  #bytes = 0;

  constructor(held: HeldAnswers) {
    this.#held = held;
  }

  /** Adds the required data of a VM. @throws HostOperationError if the host reports more than a deletion holds. */
  add({ disks, problems }: VmFacts): void {
    const facts = {
      disks,
      problems: problems.flatMap(({ part }) => (isAboutDisks(part) ? [{ part }] : [])),
    };
    const bytes = Buffer.byteLength(JSON.stringify(facts));
    if (this.#bytes + bytes > maxAnswerBytes || !this.#held.take(bytes)) throw tooLarge();
    this.#bytes += bytes;
    this.vms.push(facts);
  }

  /** Releases the space of a failed report. */
  discard(): void {
    this.vms.length = 0;
    this.#held.free(this.#bytes);
    this.#bytes = 0;
  }
}

function isAboutDisks(part: string): boolean {
  return part.startsWith('disks') || part === 'problems';
}

function tooLarge(): HostOperationError {
  const message = `Its VMs have more than ${String(maxAnswerBytes / mebibyte)} MiB of disk data, or more than the service can hold.`;
  return new HostOperationError('contract-violation', message, { began: true, reported: true });
}
