import { SaxesParser, type SaxesTagNS } from 'saxes';
import { checkOptions, rules, type OptionRules } from '../options.ts';
import { namespaces } from './namespaces.ts';

/** Limits of the XML parser, whose input is untrusted. */
export interface XmlLimits {
  /** Maximum nesting of elements, including the root. */
  readonly maxDepth: number;
  /** Maximum number of elements. */
  readonly maxElements: number;
  /** Maximum number of attributes of one element, including namespace declarations. */
  readonly maxAttributes: number;
  /** Maximum length of the document, in UTF-16 code units. */
  readonly maxLength: number;
}

/** Default limits, sufficient for any WS-Management envelope: 1 MiB covers MaxEnvelopeSize of 500 kB. */
export const defaultXmlLimits: XmlLimits = {
  maxDepth: 32,
  maxElements: 10_000,
  maxAttributes: 32,
  maxLength: 1_048_576,
};

/** Error for a text that is not a readable envelope: not well-formed, hostile, or incomplete. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code = 'ERR_WSMAN_ENVELOPE';
}

/** Element with its namespace resolved. `text` is its own character data, without that of its children. */
export class XmlElement {
  readonly ns: string;
  readonly name: string;
  /** Attributes by local name; attributes in a namespace by `{namespace}name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[] = [];
  text = '';

  /** Creates an element without content. */
  constructor(ns: string, name: string, attributes: ReadonlyMap<string, string>) {
    this.ns = ns;
    this.name = name;
    this.attributes = attributes;
  }

  /** Returns the first child with this name; undefined if there is none. */
  child(ns: string, name: string): XmlElement | undefined {
    return this.children.find((child) => child.name === name && child.ns === ns);
  }

  /** Returns all children with this name, in order. */
  all(ns: string, name: string): XmlElement[] {
    return this.children.filter((child) => child.name === name && child.ns === ns);
  }

  /**
   * Returns the first child with this name.
   *
   * @throws {EnvelopeError} if there is none.
   */
  need(ns: string, name: string): XmlElement {
    const child = this.child(ns, name);
    if (child === undefined) throw new EnvelopeError(`${this.name} lacks ${name}`);
    return child;
  }

  /** Returns the trimmed text of the first child with this name; undefined if there is none. */
  textOf(ns: string, name: string): string | undefined {
    return this.child(ns, name)?.text.trim();
  }

  /**
   * Returns the value of an attribute.
   *
   * @throws {EnvelopeError} if there is none.
   */
  attribute(name: string): string {
    const value = this.attributes.get(name);
    if (value === undefined) throw new EnvelopeError(`${this.name} lacks the attribute ${name}`);
    return value;
  }
}

const textRules = { text: rules.text };
const limitRules: OptionRules<XmlLimits> = {
  maxDepth: rules.size,
  maxElements: rules.size,
  maxAttributes: rules.size,
  maxLength: rules.size,
};
const limitNames = ['maxDepth', 'maxElements', 'maxAttributes', 'maxLength'] as const;

/**
 * Parses a document into a tree.
 *
 * @throws {EnvelopeError} if the document is not well-formed, has a document type (so only the five entities of XML
 * exist), or   exceeds a limit.
 * @throws {OptionError} if an argument is unusable.
 */
export function parseXml(text: string, limits: XmlLimits = defaultXmlLimits): XmlElement {
  checkOptions({ text }, textRules, ['text']);
  checkOptions(limits, limitRules, limitNames, 'limits');
  if (text.length > limits.maxLength) throw new EnvelopeError('the document is too long');
  // saxes waits for the second half of a surrogate pair, and throws a RangeError if none follows.
  if (/[\ud800-\udbff]$/.test(text))
    throw new EnvelopeError('the document ends in the middle of a character');
  const lifted = liftRuns(text);
  const builder = new TreeBuilder(limits);
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on('error', (error) => {
    throw new EnvelopeError(error.message);
  });
  parser.on('doctype', () => {
    throw new EnvelopeError('document types are refused');
  });
  let attributes = 0;
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > limits.maxAttributes) throw new EnvelopeError('an element has too many attributes');
  });
  parser.on('opentag', (tag) => {
    const own = attributes === 0 ? noAttributes : attributesOf(tag);
    attributes = 0;
    builder.open(new XmlElement(tag.uri, tag.local, own));
  });
  parser.on('closetag', () => builder.close());
  parser.on('text', (data) => builder.text(lifted.restore(data)));
  parser.on('cdata', (data) => builder.text(lifted.restore(data)));
  parser.write(lifted.text).close();
  return builder.root();
}

const noAttributes: ReadonlyMap<string, string> = new Map();

function attributesOf(tag: SaxesTagNS): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const { local, uri, value } of Object.values(tag.attributes)) {
    if (uri !== 'http://www.w3.org/2000/xmlns/') map.set(uri === '' ? local : `{${uri}}${local}`, value);
  }
  return map;
}

interface LiftedText {
  /** Text for the parser. */
  readonly text: string;
  /** Restores the lifted runs in character data. */
  readonly restore: (data: string) => string;
}

/** Private-use character: a pair of them encloses the number of a lifted run. */
const runMark = '\uE000';

/**
 * Replaces long runs of base64 between tags, most of an envelope, by short marks: the parser inspects every character,
 * and base64 contains no XML syntax. The runs are restored unchanged wherever their marks appear. A text that could
 * contain the mark itself is left unchanged, so each run is restored once.
 */
function liftRuns(text: string): LiftedText {
  const asItIs = { text, restore: (data: string) => data };
  if (text.includes(runMark) || text.includes('&#')) return asItIs;
  const runs: string[] = [];
  const short = text.replace(/>[A-Za-z0-9+/=]{256,}(?=<)/g, (run) => {
    runs.push(run.slice(1));
    return `>${runMark}${runs.length - 1}${runMark}`;
  });
  if (runs.length === 0) return asItIs;
  const restore = (data: string): string =>
    data.includes(runMark)
      ? data.replace(/\uE000(\d+)\uE000/g, (_, index: string) => runs[Number(index)] ?? '')
      : data;
  return { text: short, restore };
}

class TreeBuilder {
  readonly #limits: XmlLimits;
  readonly #path: XmlElement[] = [];
  #root: XmlElement | undefined;
  #elements = 0;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
  }

  open(element: XmlElement): void {
    this.#elements += 1;
    if (this.#elements > this.#limits.maxElements) throw new EnvelopeError('too many elements');
    if (this.#path.length >= this.#limits.maxDepth) throw new EnvelopeError('elements nest too deep');
    this.#path.at(-1)?.children.push(element);
    this.#root ??= element;
    this.#path.push(element);
  }

  close(): void {
    this.#path.pop();
  }

  text(data: string): void {
    const element = this.#path.at(-1);
    if (element !== undefined) element.text += data;
  }

  root(): XmlElement {
    if (this.#root === undefined) throw new EnvelopeError('the document is empty');
    return this.#root;
  }
}

const xmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Escapes text for element content and attribute values. Characters that XML 1.0 cannot carry become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"\r\n\t]/g, (character) => xmlEscapes[character] ?? character);
}

/**
 * Decodes strict base64. White space between the characters is allowed, as in XML Schema.
 *
 * @throws {EnvelopeError} if the text is not base64.
 */
export function decodeBase64(text: string): Buffer {
  const compact = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new EnvelopeError('the content is not base64');
  }
  return Buffer.from(compact, 'base64');
}

/** Encodes bytes as base64 without copying them first. */
export function encodeBase64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

/**
 * Returns the child of `s:Body` of a SOAP 1.2 envelope; undefined if the body is empty.
 *
 * @throws {EnvelopeError} if there is no body.
 */
export function bodyOf(envelope: XmlElement): XmlElement | undefined {
  return envelope.need(namespaces.soap, 'Body').children[0];
}
