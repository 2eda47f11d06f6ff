import { unescapeText } from './escape.ts';
import { readInteger } from './numbers.ts';
import { PsScalar, type PsProgress } from './values.ts';

/** Text fields of `<PR>` by element (MS-PSRP 2.2.5.1.25). The current operation is a value, not a text field. */
export const progressFields = {
  AV: 'activity',
  AI: 'activityId',
  PI: 'parentActivityId',
  PC: 'percentComplete',
  T: 'type',
  SR: 'secondsRemaining',
  SD: 'statusDescription',
} as const satisfies Record<string, Exclude<keyof PsProgress, 'currentOperation'>>;

/** Element of a text field of `<PR>`. */
export type ProgressField = keyof typeof progressFields;

/** Builds a progress record from the texts of its fields; undefined if one is missing or invalid for its type. */
export function parseProgress(
  fields: Partial<Record<ProgressField, string>>,
  currentOperation: string | null,
): PsScalar<'PR'> | undefined {
  const { AV, AI, PI, PC, T, SR, SD } = fields;
  const activityId = int32(AI);
  const parentActivityId = int32(PI);
  const percentComplete = int32(PC);
  const secondsRemaining = int32(SR);
  if (AV === undefined || T === undefined || SD === undefined) return undefined;
  if (activityId === undefined || parentActivityId === undefined) return undefined;
  if (percentComplete === undefined || secondsRemaining === undefined) return undefined;
  return new PsScalar('PR', {
    activity: unescapeText(AV),
    activityId,
    currentOperation,
    parentActivityId,
    percentComplete,
    type: unescapeText(T),
    secondsRemaining,
    statusDescription: unescapeText(SD),
  });
}

function int32(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readInteger(text, -2_147_483_648, 2_147_483_647);
}
