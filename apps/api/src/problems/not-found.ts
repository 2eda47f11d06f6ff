import type { RowKind } from '@aether-v/types';
import { ProblemError } from './problem-error.ts';

const nouns: Readonly<Record<RowKind, string>> = { cluster: 'cluster', host: 'host', vm: 'VM', job: 'job' };

/** Returns the answer for an object that does not exist, or that its caller does not see: both must be the same. */
export function noSuchObject(kind: RowKind, id: string): ProblemError {
  return new ProblemError('not-found', `There is no ${nouns[kind]} with the id ${id}.`);
}
