import * as contract from '@aether-v/types';
import { expect, test } from 'vitest';
import { idFields } from '../../src/http/canonical-ids.ts';

interface Schema {
  readonly $id?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const idPatterns = new Set(
  [contract.Guid, contract.OperationId, contract.VmId, contract.HostId, contract.DriveId].map(
    (schema) => (schema as Schema).pattern,
  ),
);

const bodies = Object.values<unknown>(contract).filter(isBody);

function isBody(value: unknown): value is Schema {
  if (typeof value !== 'object' || value === null || !('properties' in value)) return false;
  return '$id' in value && /^(?:\w+Request|StreamInterest)$/.test(String(value.$id));
}

/** Returns the names of fields that hold ids according to their schemas. */
function idFieldsOf({ properties = {}, items, anyOf = [] }: Schema): string[] {
  const own = Object.entries(properties).flatMap(([name, schema]) =>
    holdsIds(schema) ? [name] : idFieldsOf(schema),
  );
  return [...own, ...(items === undefined ? [] : idFieldsOf(items)), ...anyOf.flatMap(idFieldsOf)];
}

function holdsIds({ pattern, items, anyOf = [] }: Schema): boolean {
  return (
    (pattern !== undefined && idPatterns.has(pattern)) ||
    (items !== undefined && holdsIds(items)) ||
    anyOf.some(holdsIds)
  );
}

test('every id in the schema of a body is accepted in every usual spelling', () => {
  const found = new Set(bodies.flatMap(idFieldsOf));
  expect([...found].toSorted()).toEqual(['bootOrder', 'driveId', 'hostIds', 'targetHostId', 'vmIds']);
  for (const name of found) expect(idFields.has(name), name).toBe(true);
});
