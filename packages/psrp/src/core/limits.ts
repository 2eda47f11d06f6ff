import { checkOptions, rules, type OptionRules } from '../options.ts';

/** How much of what a peer sends is held. Sizes are bytes as they came over the wire. */
export interface FragmentLimits {
  /** Bytes of one object: a value that a pipeline writes, a record, an input object. */
  readonly maxObjectSize: number;
  /**
   * Bytes that a pool holds in all: incomplete objects, output that waits to be read, error records of running pipelines. The
   * pipeline whose object goes beyond it fails with `object-too-large`.
   */
  readonly maxHeldSize: number;
  /** Objects that may be incomplete at once in one stream. */
  readonly maxIncompleteObjects: number;
}

const MiB = 1024 * 1024;

/** What a client holds unless told otherwise. PowerShell's own client takes objects of 200 MB, too (New-PSSessionOption). */
export const clientFragmentLimits: FragmentLimits = {
  maxObjectSize: 200 * MiB,
  maxHeldSize: 256 * MiB,
  maxIncompleteObjects: 16,
};

/** What a server holds unless told otherwise: PSMaximumReceivedObjectSizeMB of PowerShell's endpoints is 10. */
export const serverFragmentLimits: FragmentLimits = {
  maxObjectSize: 10 * MiB,
  maxHeldSize: 64 * MiB,
  maxIncompleteObjects: 16,
};

/** Bytes of the largest object that endpoints take (PSMaximumReceivedObjectSizeMB). */
export const defaultMaxSentObjectSize = 10 * MiB;

const limitRules: OptionRules<FragmentLimits> = {
  maxObjectSize: rules.size,
  maxHeldSize: rules.size,
  maxIncompleteObjects: rules.count,
};

/** The limits that hold where some are given: what is held has room for one object at least. */
export function resolveLimits(defaults: FragmentLimits, given: Partial<FragmentLimits> = {}): FragmentLimits {
  checkOptions(given, limitRules, [], 'limits');
  const { maxObjectSize = defaults.maxObjectSize } = given;
  const maxHeldSize = Math.max(defaults.maxHeldSize, Math.ceil(maxObjectSize * 1.25));
  return { ...defaults, maxHeldSize, ...given };
}
