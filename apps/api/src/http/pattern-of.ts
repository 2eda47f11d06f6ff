import type { TString } from 'typebox';

/** The pattern of a schema of the contract, so that DTOs repeat none. @throws TypeError for a schema without one. */
export function patternOf(schema: TString): RegExp {
  const { pattern } = schema as { pattern?: unknown };
  if (typeof pattern !== 'string') throw new TypeError('The schema has no pattern.');
  return new RegExp(pattern);
}
