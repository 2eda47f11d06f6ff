import { operations, type OperationName } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import { OperationFailure } from './operation-failure.ts';

const requestChecks = new Map(
  Object.entries(operations).map(([name, { request }]) => [name, Compile(request)] as const),
);

/**
 * Returns the name of the operation if the contract has it and the request matches its schema. Throws `not-supported`
 * or `bad-request`.
 */
export function checkRequest(op: string, request: unknown): OperationName {
  const check = requestChecks.get(op);
  if (!check)
    throw new OperationFailure('not-supported', `This agent does not support the operation "${op}".`);
  if (check.Check(request)) return op as OperationName;
  const [first] = check.Errors(request);
  throw new OperationFailure(
    'bad-request',
    `${op}: ${first?.instancePath ?? ''} ${first?.message ?? 'not valid'}`,
  );
}
