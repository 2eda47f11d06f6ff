import { commandNames, commandOperation, type JobResult } from '@aether-v/types';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Clean } from 'typebox/value';

const schemas: ReadonlyMap<string, { readonly check: Validator; readonly schema: TSchema }> = new Map(
  commandNames.map((name) => {
    const { result } = commandOperation(name);
    return [name, { check: Compile(result), schema: result }];
  }),
);

/**
 * Returns the result of a job as a host told it, at its end or out of its journal; null if it is none of the command's operation, or
 * if there is no such command.
 */
export function resultOf(command: string, result: unknown): JobResult | null {
  const known = schemas.get(command);
  if (known?.check.Check(result) !== true) return null;
  // A host may say more than the contract knows; that is not kept.
  return Clean(known.schema, structuredClone(result)) as JobResult;
}
