import type { JSONWebKeySet } from 'jose';

/** The data with which the worker starts. */
export interface WorkerOptions {
  readonly tenantId: string;
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  /** In seconds. */
  readonly clockTolerance: number;
}

/** A message to the worker: new keys, or a token to verify. */
export type WorkerRequest =
  { readonly keys: JSONWebKeySet['keys'] } | { readonly id: number; readonly token: string };

/** The answer of the worker about a token. */
export interface WorkerAnswer {
  readonly id: number;
  readonly accepted: boolean;
}
