import { ClixmlError } from './errors.ts';
import type { PsValue } from './values.ts';

/** How {@link writeClixml} writes. */
export interface WriteOptions {
  /** Wrap the values in `<Objs>`, as `PSSerializer.Serialize` and Export-Clixml do. PSRP payloads have no wrapper. */
  wrapper?: boolean;
}

/**
 * Writes values as PowerShell does: no white space, one element after the other. References are numbered over all of
 * `values`.
 *
 * @throws {ClixmlError} for a number that is no Int32, a bigint that is no Int64, and so on.
 */
export function writeClixml(_values: readonly PsValue[], _options: WriteOptions = {}): string {
  throw new ClixmlError('invalid-value', 'Writing is not there yet');
}
