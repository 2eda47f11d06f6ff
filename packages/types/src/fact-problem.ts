import { Type, type Static } from 'typebox';
import { Text } from './scalars.ts';

/** The maximum number of problems of one VM or host; the last one states that there are more. */
export const maxFactProblems = 32;

/**
 * A part of a VM or host that could not be reported, because its value violates the contract or could not be read. The
 * part is null, empty or missing from its list; everything else is as the host reported it.
 */
export const FactProblem = Type.Object({
  part: Type.String({
    maxLength: 128,
    description: 'The field, with the id of a disk or adapter: `disks scsi-0-1 type`.',
  }),
  message: Text,
});

/** The problems of one VM or host, in order of detection. */
export const FactProblems = Type.Array(FactProblem, {
  maxItems: maxFactProblems,
  description: 'Parts that could not be reported, each with the reason.',
});

/** A part that could not be reported. */
export type FactProblem = Static<typeof FactProblem>;
