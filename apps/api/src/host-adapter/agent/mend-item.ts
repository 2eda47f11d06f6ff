import {
  Guid,
  InventoryItem,
  type FactProblem,
  type OperationItem,
  type OperationName,
} from '@aether-v/types';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { mendValue, Problems } from './mend-value.ts';

type Item = OperationItem<'inventory'>;

/**
 * Returns whether each item of the operation describes a part of a host, so that an unusable item can be omitted
 * without losing the host.
 */
export function isInventory(op: OperationName): op is 'inventory' | 'watch' {
  return op === 'inventory' || op === 'watch';
}

const schemas = new Map(
  InventoryItem.anyOf.map((schema) => [schema.properties.kind.const as string, schema as TSchema]),
);

/** Makes an item of `inventory` or `watch` conform to the contract. @returns Undefined if it is unusable. */
export function mendItem(value: unknown): Item | undefined {
  const kind = (value as { kind?: unknown } | null)?.kind;
  const schema = typeof kind === 'string' ? schemas.get(kind) : undefined;
  if (schema === undefined) return undefined;
  const problems = new Problems();
  const item = mendValue(schema, value, problems) as Item | undefined;
  const found = problems.list.map(({ part, message }) => ({
    part: part.replace(/^(?:vm|host) /, ''),
    message,
  }));
  if (item?.kind === 'vm')
    return { kind: 'vm', vm: { ...item.vm, problems: joined(item.vm.problems, found) } };
  if (item?.kind === 'host') {
    return { kind: 'host', host: { ...item.host, problems: joined(item.host.problems, found) } };
  }
  return item;
}

function joined(...lists: readonly (readonly FactProblem[])[]): FactProblem[] {
  const all = new Problems();
  for (const { part, message } of lists.flat()) all.add(part, message);
  return all.list;
}

/** Describes the subject of an unusable item, for the row of its host. */
export function describeItem(value: unknown): { readonly part: string; readonly vmId: string | undefined } {
  const { kind, vm } = (value ?? {}) as { kind?: unknown; vm?: { vmId?: unknown; name?: unknown } };
  const what = typeof kind === 'string' ? kind : 'item';
  const name = [vm?.name, vm?.vmId].find((one) => typeof one === 'string');
  const vmId = vm?.vmId;
  const part = (name === undefined ? what : `${what} ${name}`).slice(0, 128);
  return { part, vmId: Check(Guid, vmId) ? vmId : undefined };
}
