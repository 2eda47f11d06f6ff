import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { errorCodeList } from './error-codes.ts';
import { Text } from './scalars.ts';
import { vmActivities } from './vm-conditions.ts';

/** Schema of an error code. */
export const ErrorCodeSchema = oneOf(errorCodeList, { $id: 'ErrorCode' });

/** The maximum length of an error message, in UTF-16 code units. */
export const maxErrorMessageLength = 4096;

/** An error with its remedy, as in jobs, events and final lines of operations. */
export const ErrorInfo = Type.Object(
  {
    code: ErrorCodeSchema,
    message: Type.String({ maxLength: maxErrorMessageLength }),
    remedy: nullable(Text),
  },
  { $id: 'ErrorInfo' },
);

/** A VM that a bulk request leaves out, with all reasons. */
export const RefusedVm = Type.Object(
  {
    vmId: Type.String({ description: 'As in the request.' }),
    name: nullable({ ...Text, description: 'Null if no such VM exists.' }),
    refusals: Type.Array(ErrorInfo, { maxItems: 64 }),
  },
  { $id: 'RefusedVm' },
);

/** An RFC 9457 problem document; `errors` lists every invalid field of a 422. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.Optional(Type.String()),
    code: ErrorCodeSchema,
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
    state: Type.Optional(Type.String({ description: 'With wrong-state: the current state of the object.' })),
    activity: Type.Optional(
      Type.Enum([...vmActivities], {
        description: 'With wrong-state: the activity of the VM that has to end first.',
      }),
    ),
    candidates: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), host: Type.String() }), {
        description: 'With ambiguous-name: the ids and hosts of the VMs with this name.',
      }),
    ),
    refusals: Type.Optional(
      Type.Array(ErrorInfo, {
        maxItems: 64,
        description: 'All reasons why a command is refused, if there are several.',
      }),
    ),
    refused: Type.Optional(
      Type.Array(RefusedVm, {
        maxItems: 200,
        description: 'With a bulk request: the refused VMs, with the reasons.',
      }),
    ),
  },
  { $id: 'Problem' },
);

/** An error with its remedy. */
export type ErrorInfo = Static<typeof ErrorInfo>;
/** A VM that a bulk request leaves out. */
export type RefusedVm = Static<typeof RefusedVm>;
/** An RFC 9457 problem document. */
export type Problem = Static<typeof Problem>;
