import { SaxesParser } from 'saxes';
import { checkOptions, rules, type OptionRules } from '../options.ts';
import { ClixmlError } from './errors.ts';
import { toXmlText } from './forbidden-characters.ts';
import { ValueBuilder } from './value-builder.ts';
import type { PsValue } from './values.ts';

type Attributes = Record<string, string>;

/** Bounds of what {@link parseClixml} accepts. */
export interface ParseLimits {
  /** Objects within objects. 100 by default: PowerShell itself neither writes nor reads more than 50. */
  maxDepth?: number;
  /** Size of the text: UTF-8 bytes, or UTF-16 code units of a string. 16 Mi by default; PSRP allows an object 10 MB. */
  maxSize?: number;
}

const sourceRules = { source: rules.textOrBytes };

const limitRules: OptionRules<ParseLimits> = { maxDepth: rules.size, maxSize: rules.size };

const defaultMaxDepth = 100;
const defaultMaxSize = 16 * 1024 * 1024;
/** The elements of CLIXML have two attributes at most, `<Objs>` a few namespaces. */
const maxAttributes = 16;

/**
 * Reads the values that a CLIXML text holds: one of the PSRP payloads, which is a bare element, or a document that
 * begins with `<Objs>` (MS-PSRP 2.2.5), such as Export-Clixml writes.
 *
 * Elements and values that PowerShell would refuse are refused. Names of streams (`S="Error"`) are ignored.
 *
 * @param source text, or UTF-8 bytes; a byte-order mark is allowed.
 * @throws {ClixmlError} nothing else, whatever the text is.
 * @throws {OptionError} for a source that is neither text nor bytes, or an unusable limit.
 */
export function parseClixml(source: string | Uint8Array, limits: ParseLimits = {}): PsValue[] {
  checkOptions({ source }, sourceRules, ['source']);
  checkOptions(limits, limitRules, [], 'limits');
  const maxSize = limits.maxSize ?? defaultMaxSize;
  if (source.length > maxSize) {
    throw new ClixmlError('too-large', `${source.length} is more than the ${maxSize} that are allowed`);
  }
  // saxes waits for the second half of the last character, and throws a RangeError where none comes.
  if (typeof source === 'string' && /[\ud800-\udbff]$/.test(source)) {
    throw new ClixmlError('malformed-xml', 'The text ends in the middle of a character');
  }
  const { text, restore } = toXmlText(typeof source === 'string' ? source : decodeUtf8(source));
  // A document may have a declaration and a document type (which is then refused), but only one element; PSRP payloads
  // and their likes are fragments.
  const fragment = !/^\s*<(?:\?xml\s|!DOCTYPE)/.test(text);
  const parser = new SaxesParser({ fragment, position: false });
  const builder = new ValueBuilder(parser, limits.maxDepth ?? defaultMaxDepth);
  listen(parser, builder, restore);
  parser.write(text).close();
  return builder.values;
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
