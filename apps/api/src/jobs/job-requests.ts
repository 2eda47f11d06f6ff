import type { CommandName } from '@aether-v/types';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { FleetStore } from '../inventory/fleet-store.ts';
import { JobRows } from './job-rows.ts';
import { hasSecrets } from './without-secrets.ts';

/** The request of a job. `secret` if it contained secrets, which are not kept. */
export type KeptRequest = { readonly value: unknown } | 'secret';

/** Maximum size of all kept requests as JSON, in characters; beyond it the oldest are dropped. */
const maxLength = 16 * 1024 * 1024;

/** Keeps the requests of jobs that have not succeeded, so that they can be retried. */
@Injectable()
export class JobRequests implements OnApplicationShutdown {
  readonly #kept = new Map<string, { readonly request: KeptRequest; readonly length: number }>();
  readonly #unsubscribe: () => void;
  #length = 0;

  constructor(store: FleetStore, rows: JobRows) {
    rows.onForgotten(({ id }) => this.#drop(id));
    this.#unsubscribe = store.subscribe((change) => {
      if (change.kind !== 'job' || change.type !== 'row') return;
      if (change.row.state === 'succeeded') this.#drop(change.id);
    });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /** The number and size of the kept requests. */
  get size(): { readonly jobs: number; readonly characters: number } {
    return { jobs: this.#kept.size, characters: this.#length };
  }

  /** Keeps the request of a job, unless it contains secrets. */
  keep(jobId: string, command: CommandName, request: unknown): void {
    this.restore(jobId, request, hasSecrets(command, request));
  }

  /** Keeps the request of a job from before the start of the service. */
  restore(jobId: string, request: unknown, isIncomplete: boolean): void {
    this.#drop(jobId);
    const length = isIncomplete ? 0 : JSON.stringify(request).length;
    this.#kept.set(jobId, { request: isIncomplete ? 'secret' : { value: request }, length });
    this.#length += length;
    for (const oldest of this.#kept.keys()) {
      if (this.#length <= maxLength) break;
      this.#drop(oldest);
    }
  }

  /** Returns the request of a job that has not succeeded; undefined if it is not known. */
  find(jobId: string): KeptRequest | undefined {
    return this.#kept.get(jobId)?.request;
  }

  #drop(jobId: string): void {
    this.#length -= this.#kept.get(jobId)?.length ?? 0;
    this.#kept.delete(jobId);
  }
}
