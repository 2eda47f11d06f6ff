/** An item of Hyper-V's key-value exchange. */
export interface Item {
  readonly name: string;
  readonly value: string;
}

/** Items by name. An item that exists twice with different values is not in it. */
export type Items = ReadonlyMap<string, string>;

/** The version that begins the values of items. */
export const protocolVersion = '1';

/** The prefix of all names of the protocol. */
export const itemPrefix = 'aether-v.provisioning.';

/** Limits of the service's items. */
export const itemLimits = {
  items: 64,
  /** Names and values together. */
  bytes: 57_600,
  nameLength: 200,
  valueLength: 900,
  /** The request and the manifest are the other two items. */
  chunks: 62,
} as const;

/** Names of the items that exist once. */
export const itemNames = {
  request: `${itemPrefix}request`,
  manifest: `${itemPrefix}manifest`,
  key: `${itemPrefix}key`,
  status: `${itemPrefix}status`,
  reboot: `${itemPrefix}reboot`,
  report: `${itemPrefix}report`,
} as const;

/** Returns the name of a chunk, counted from 0. */
export function chunkName(generation: number, index: number): string {
  return `${itemPrefix}chunk.${generation}.${index}`;
}

/**
 * Returns the protocol's items by name. Ignores items with other names, and those that exist twice with different
 * values: they are being written.
 */
export function collectItems(items: Iterable<Item>): Items {
  const collected = new Map<string, string>();
  const contradictory = new Set<string>();
  for (const { name, value } of items) {
    if (!name.startsWith(itemPrefix)) continue;
    if (collected.has(name) && collected.get(name) !== value) contradictory.add(name);
    collected.set(name, value);
  }
  for (const name of contradictory) collected.delete(name);
  return collected;
}
