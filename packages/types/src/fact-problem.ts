import { Type, type Static } from 'typebox';
import { Text } from './scalars.ts';

/** How many problems are told of one VM or host; the last one says that there are more. */
export const maxFactProblems = 32;

/**
 * A part of a VM or host that could not be reported: its value was outside the contract or could not be read. That part is null,
 * empty or missing from its list; everything else is as the host says.
 */
export const FactProblem = Type.Object({
  part: Type.String({
    maxLength: 128,
    description: 'The field, with the id of a disk or adapter: `disks scsi-0-1 type`.',
  }),
  message: Text,
});

/** The problems of one VM or host, in the order in which they were found. */
export const FactProblems = Type.Array(FactProblem, {
  maxItems: maxFactProblems,
  description: 'Parts that could not be reported, each with the reason.',
});

/** A part that could not be reported. */
export type FactProblem = Static<typeof FactProblem>;
