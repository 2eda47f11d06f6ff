import type { RowKind } from '@aether-v/types';
import { ProblemError } from './problem-error.ts';

const nouns: Readonly<Record<RowKind, string>> = { cluster: 'cluster', host: 'host', vm: 'VM', job: 'job' };

/** Returns the problem of an object that does not exist or is not visible to the caller. Both must be the same. */
export function noSuchObject(kind: RowKind, id: string): ProblemError {
  return new ProblemError('not-found', `There is no ${nouns[kind]} with the id ${id}.`);
}
