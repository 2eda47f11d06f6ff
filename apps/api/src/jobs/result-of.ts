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
 * Returns the result of a job as reported by a host or its journal; null if it is not valid for the command's
 * operation, or the command is unknown.
 */
export function resultOf(command: string, result: unknown): JobResult | null {
  const known = schemas.get(command);
  if (known?.check.Check(result) !== true) return null;
  // Properties outside the contract are dropped.
  return Clean(known.schema, structuredClone(result)) as JobResult;
}
