import { SaxesParser } from 'saxes';
import { checkOptions, rules, type OptionRules } from '../options.ts';
import { ClixmlError } from './errors.ts';
import { toXmlText } from './forbidden-characters.ts';
import { ValueBuilder } from './value-builder.ts';
import type { PsValue } from './values.ts';

type Attributes = Record<string, string>;

/** Limits of {@link parseClixml}. */
export interface ParseLimits {
  /** Maximum nesting of objects. Default 100; PowerShell neither writes nor reads more than 50. */
  maxDepth?: number;
  /** Maximum size: UTF-8 bytes, or UTF-16 code units of a string. Default 16 Mi; PSRP allows 10 MB per object. */
  maxSize?: number;
}

const sourceRules = { source: rules.textOrBytes };

const limitRules: OptionRules<ParseLimits> = { maxDepth: rules.size, maxSize: rules.size };

const defaultMaxDepth = 100;
const defaultMaxSize = 16 * 1024 * 1024;
/** CLIXML elements have at most two attributes, `<Objs>` a few namespace declarations. */
const maxAttributes = 16;

/**
 * Parses the values in a CLIXML text: a PSRP payload, which is a bare element, or a document with the root `<Objs>`
 * (MS-PSRP 2.2.5), as written by Export-Clixml.
 *
 * Rejects elements and values that PowerShell would reject. Ignores stream names (`S="Error"`).
 *
 * @param source text or UTF-8 bytes; a byte-order mark is allowed.
 * @throws {ClixmlError} if the text is invalid or exceeds a limit. No text causes any other error.
 * @throws {OptionError} if `source` is neither text nor bytes, or a limit is unusable.
 */
export function parseClixml(source: string | Uint8Array, limits: ParseLimits = {}): PsValue[] {
  checkOptions({ source }, sourceRules, ['source']);
  checkOptions(limits, limitRules, [], 'limits');
  const maxSize = limits.maxSize ?? defaultMaxSize;
  if (source.length > maxSize) {
    throw new ClixmlError('too-large', `${source.length} exceeds the limit of ${maxSize}`);
  }
  // saxes waits for the second half of a surrogate pair, and throws a RangeError if none follows.
  if (typeof source === 'string' && /[\ud800-\udbff]$/.test(source)) {
    throw new ClixmlError('malformed-xml', 'The text ends in the middle of a character');
  }
  const { text, restore } = toXmlText(typeof source === 'string' ? source : decodeUtf8(source));
  // A document may have a declaration and a document type (which is then refused), but only one root element; PSRP
  // payloads are fragments.
  const fragment = !/^\s*<(?:\?xml\s|!DOCTYPE)/.test(text);
  const parser = new SaxesParser({ fragment, position: false });
  const builder = new ValueBuilder(parser, limits.maxDepth ?? defaultMaxDepth);
  listen(parser, builder, restore);
  parser.write(text).close();
  return builder.values;
}

/**
 * Parses a text with exactly one value, as every PSRP payload.
 *
 * @throws {ClixmlError} as {@link parseClixml}, and `unexpected-element` if the number of values is not 1.
 */
export function parseClixmlValue(source: string | Uint8Array, limits: ParseLimits = {}): PsValue {
  const values = parseClixml(source, limits);
  const [value] = values;
  if (values.length !== 1 || value === undefined) {
    throw new ClixmlError('unexpected-element', `Expected one value, got ${values.length}`);
  }
  return value;
}

function listen(parser: SaxesParser, builder: ValueBuilder, restore: (data: string) => string): void {
  let attributes = 0;
  parser.on('attribute', () => {
    attributes++;
    if (attributes > maxAttributes) {
      throw new ClixmlError('forbidden-xml', 'Too many attributes', { position: parser.position });
    }
  });
  parser.on('opentag', (tag) => {
    attributes = 0;
    builder.open(tag.name, restored(tag.attributes, restore));
  });
  parser.on('text', (text) => builder.text(restore(text)));
  parser.on('cdata', (text) => builder.text(restore(text)));
  parser.on('closetag', () => builder.close());
  parser.on('doctype', () => {
    throw new ClixmlError('forbidden-xml', 'A document type is not allowed', { position: parser.position });
  });
  parser.on('error', (cause) => {
    throw new ClixmlError('malformed-xml', cause.message, { position: parser.position, cause });
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ClixmlError('malformed-xml', 'The bytes are not UTF-8', { cause });
  }
}

function restored(attributes: Attributes, restore: (data: string) => string): Attributes {
  for (const name of Object.keys(attributes)) attributes[name] = restore(attributes[name] ?? '');
  return attributes;
}
