import { ClixmlError } from './errors.ts';
import type { PsValue } from './values.ts';

/** Bounds of what {@link parseClixml} accepts. */
export interface ParseLimits {
  /** Elements within elements. 100 by default: PowerShell itself reads objects 50 deep, and one takes two elements. */
  maxDepth?: number;
  /** Size of the text: UTF-8 bytes, or UTF-16 code units of a string. 50 Mi by default. */
  maxSize?: number;
}

/**
 * Reads the values that a CLIXML text holds: one of the PSRP payloads, which is a bare element, or a document that
 * begins with `<Objs>` (MS-PSRP 2.2.5), such as Export-Clixml writes.
 *
 * @param source text, or UTF-8 bytes; a byte-order mark is allowed.
 * @throws {ClixmlError} nothing else, whatever the input is.
 */
export function parseClixml(_source: string | Uint8Array, _limits: ParseLimits = {}): PsValue[] {
  throw new ClixmlError('malformed-xml', 'Reading is not there yet');
}

/**
 * Reads a text that holds exactly one value, as every PSRP payload does.
 *
 * @throws {ClixmlError} as {@link parseClixml}, and `unexpected-element` if there are none or several values.
 */
export function parseClixmlValue(source: string | Uint8Array, limits: ParseLimits = {}): PsValue {
  const values = parseClixml(source, limits);
  const [value] = values;
  if (values.length !== 1 || value === undefined) {
    throw new ClixmlError('unexpected-element', `Expected one value, got ${values.length}`);
  }
  return value;
}
