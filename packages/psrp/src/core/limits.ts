import { checkOptions, rules, type OptionRules } from '../options.ts';

/** Limits on data from a peer. Sizes are bytes on the wire. */
export interface FragmentLimits {
  /** Maximum size of one object (an output value, a record, an input object), in bytes. */
  readonly maxObjectSize: number;
  /**
   * Maximum number of bytes that a pool holds: incomplete objects, unread output, error records of running pipelines.
   * The pipeline whose object exceeds it fails with `object-too-large`.
   */
  readonly maxHeldSize: number;
  /** Maximum number of incomplete objects in one stream. */
  readonly maxIncompleteObjects: number;
}

const MiB = 1024 * 1024;

/** Default limits of a client. PowerShell's client also accepts objects of 200 MB (New-PSSessionOption). */
export const clientFragmentLimits: FragmentLimits = {
  maxObjectSize: 200 * MiB,
  maxHeldSize: 256 * MiB,
  maxIncompleteObjects: 16,
};

/** Default limits of a server: PSMaximumReceivedObjectSizeMB of PowerShell's endpoints is 10. */
export const serverFragmentLimits: FragmentLimits = {
  maxObjectSize: 10 * MiB,
  maxHeldSize: 64 * MiB,
  maxIncompleteObjects: 16,
};

/** Size of the largest object that endpoints accept by default, in bytes (PSMaximumReceivedObjectSizeMB). */
export const defaultMaxSentObjectSize = 10 * MiB;

const limitRules: OptionRules<FragmentLimits> = {
  maxObjectSize: rules.size,
  maxHeldSize: rules.size,
  maxIncompleteObjects: rules.count,
};

/**
 * Completes limits with defaults. Without a given `maxHeldSize`, it is raised to 1.25 times `maxObjectSize` if
 * necessary.
 *
 * @throws {OptionError} if a limit is unusable.
 */
export function resolveLimits(defaults: FragmentLimits, given: Partial<FragmentLimits> = {}): FragmentLimits {
  checkOptions(given, limitRules, [], 'limits');
  const { maxObjectSize = defaults.maxObjectSize } = given;
  const maxHeldSize = Math.max(defaults.maxHeldSize, Math.ceil(maxObjectSize * 1.25));
  return { ...defaults, maxHeldSize, ...given };
}
