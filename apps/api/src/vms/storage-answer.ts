import type { FactProblem, VmDisk, VmFacts } from '@aether-v/types';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';

/** What a deletion needs to know of a VM of another host. */
export interface StorageFacts {
  readonly disks: readonly VmDisk[];
  readonly problems: readonly Pick<FactProblem, 'part'>[];
}

const mebibyte = 1024 * 1024;

/**
 * How much of one host's answer a deletion holds, and of all answers together, in bytes of JSON. A VM with two disks takes about
 * 700 bytes; a host has 1,024 running VMs at most, and a cluster 8,000.
 */
const maxAnswerBytes = 4 * mebibyte;
const maxHeldBytes = 16 * mebibyte;

/** Limits what a deletion holds of the answers of all hosts. */
export class HeldAnswers {
  #bytes = 0;

  /** Whether there was room for so many bytes more. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > maxHeldBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  free(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** What one host reported of the storage of its VMs. */
export class StorageAnswer {
  readonly vms: StorageFacts[] = [];
  readonly #held: HeldAnswers;
  #bytes = 0;

  constructor(held: HeldAnswers) {
    this.#held = held;
  }

  /** Keeps what is needed of a VM. @throws HostOperationError when the host reports more than a deletion holds. */
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

  /** Frees what was held of an answer that failed. */
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
  const message = `Its VMs have more than ${String(maxAnswerBytes / mebibyte)} MiB of disk data, or more than the service has room for.`;
  return new HostOperationError('contract-violation', message, { began: true, reported: true });
}
