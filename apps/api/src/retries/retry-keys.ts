import type { CommandName } from '@aether-v/types';
import type { Caller } from '../commands/caller.decorator.ts';
import { familyOf, keyedRequest, type KeyedFamily, type KeyedRequest } from '../jobs/idempotency.ts';
import type { JobRow } from '../jobs/job-transitions.ts';

/**
 * Returns the properties by which retries with a key are compared; undefined without a key. The request of a retry is
 * the id of its job: the same key is refused for another job, and for an ordinary command.
 */
export function retryKey(
  { id, subject }: JobRow,
  command: CommandName,
  { principal, idempotencyKey: key }: Caller,
): KeyedRequest | undefined {
  const options = { retryOf: id };
  return keyedRequest({ principalId: principal.id, key, command, subjectId: subject.id ?? '', options });
}

/** Returns the properties by which retries of a job with children are compared; undefined without a key. */
export function retryFamilyKey(
  parent: JobRow,
  children: readonly JobRow[],
  command: CommandName,
  caller: Caller,
): KeyedFamily | undefined {
  const all = retryKey(parent, command, caller);
  if (all === undefined) return undefined;
  return familyOf(
    all,
    children.flatMap((child) => retryKey(child, command, caller) ?? []),
  );
}
