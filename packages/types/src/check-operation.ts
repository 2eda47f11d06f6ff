import { Type, type Static } from 'typebox';
import { ErrorInfo } from './errors.ts';
import { Deleted, NoItem, strict, type OperationSchema } from './operation-schema.ts';
import { Remaining } from './vm-operations.ts';

/** The maximum number of refusals in the result of a check; the agent omits further ones. */
export const maxRefusals = 64;

/**
 * The result of a check: all reasons why the host would refuse an operation, in the order of its checks. It describes the
 * host at one point in time; the operation itself checks again. A check that depends on a missing object, such as the VM,
 * ends there.
 */
export const OperationCheck = Type.Object({
  refusals: Type.Array(ErrorInfo, {
    maxItems: maxRefusals,
    description: 'Empty if the operation would begin.',
  }),
  deletes: { ...Deleted, description: 'The files, folders and roles that the operation would delete.' },
  remaining: { ...Remaining, description: 'The files that it would leave in place, with reasons.' },
});

/** Operations that check others. */
export const checkOperations = {
  /**
   * Runs a mutating operation up to its first side effect, and reports what it would refuse. Writes nothing, not even
   * the journal.
   */
  'operation.check': {
    request: Type.Object(
      {
        op: Type.String({ pattern: '^[a-z]+(?:\\.[a-z][A-Za-z]*)*$', maxLength: 64 }),
        request: Type.Unknown(),
      },
      strict,
    ),
    item: NoItem,
    result: OperationCheck,
    mutates: false,
    cancelsRunning: false,
    errors: [],
  },
} as const satisfies Record<string, OperationSchema>;

/** All reasons why the host would refuse an operation. */
export type OperationCheck = Static<typeof OperationCheck>;
