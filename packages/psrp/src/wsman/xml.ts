import { SaxesParser, type SaxesTagNS } from 'saxes';
import { checkOptions, rules, type OptionRules } from '../options.ts';
import { namespaces } from './namespaces.ts';

/** Bounds on what is parsed; all of it comes from a network. */
export interface XmlLimits {
  /** Elements inside each other, the root included. */
  readonly maxDepth: number;
  /** Elements in all. */
  readonly maxElements: number;
  /** Attributes of one element, namespace declarations included. */
  readonly maxAttributes: number;
  /** Characters of the document. */
  readonly maxLength: number;
}

/** Enough for any envelope of WS-Management with room to spare; a megabyte covers MaxEnvelopeSize of 500 kB. */
export const defaultXmlLimits: XmlLimits = {
  maxDepth: 32,
  maxElements: 10_000,
  maxAttributes: 32,
  maxLength: 1_048_576,
};

/** Text that is not an envelope this package can read: not well-formed, hostile, or with parts missing. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code = 'ERR_WSMAN_ENVELOPE';
}

/** An element with its namespace resolved. Text is the element's own character data, without its children's. */
export class XmlElement {
  readonly ns: string;
  readonly name: string;
  /** Attributes by local name; those of a namespace as `{namespace}name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[] = [];
  text = '';

  /** An element without content yet. */
  constructor(ns: string, name: string, attributes: ReadonlyMap<string, string>) {
    this.ns = ns;
    this.name = name;
    this.attributes = attributes;
  }

  /** The first child of that name. */
  child(ns: string, name: string): XmlElement | undefined {
    return this.children.find((child) => child.name === name && child.ns === ns);
  }

  /** All children of that name, in order. */
  all(ns: string, name: string): XmlElement[] {
    return this.children.filter((child) => child.name === name && child.ns === ns);
  }

  /** The first child of that name, which must be there. */
  need(ns: string, name: string): XmlElement {
    const child = this.child(ns, name);
    if (child === undefined) throw new EnvelopeError(`${this.name} lacks ${name}`);
    return child;
  }

  /** The trimmed text of the first child of that name, or undefined without such a child. */
  textOf(ns: string, name: string): string | undefined {
    return this.child(ns, name)?.text.trim();
  }

  /** An attribute, which must be there. */
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
 * Parses a document into a tree. Refused with EnvelopeError: anything not well-formed, document types (and so every
 * entity but the five of XML), and what exceeds the limits.
 */
export function parseXml(text: string, limits: XmlLimits = defaultXmlLimits): XmlElement {
  checkOptions({ text }, textRules, ['text']);
  checkOptions(limits, limitRules, limitNames, 'limits');
  if (text.length > limits.maxLength) throw new EnvelopeError('the document is too long');
  // saxes waits for the second half of the last character, and throws a RangeError where none comes.
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
  /** What the parser reads. */
  readonly text: string;
  /** Puts back what was lifted out of character data. */
  readonly restore: (data: string) => string;
}

/** A private-use character that stands for a run, with the run's number between two of them. */
const runMark = '\uE000';

/**
 * Spares the parser, which looks at every character, the long runs of base64 that envelopes mostly are: they stand between
 * tags, hold nothing that XML could mean anything by, and are put back as they were wherever they turn up. A text that
 * could spell the mark itself stays as it is, so that each run comes back once.
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

/** Text for element content and attribute values. What XML 1.0 cannot carry at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"\r\n\t]/g, (character) => xmlEscapes[character] ?? character);
}

/** Strict base64 to bytes; white space between the characters is allowed, as XML Schema does. */
export function decodeBase64(text: string): Buffer {
  const compact = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new EnvelopeError('the content is not base64');
  }
  return Buffer.from(compact, 'base64');
}

/** Bytes to base64 without copying them first. */
export function encodeBase64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

/** The one child of `s:Body`, or undefined where the body is empty, of a SOAP 1.2 envelope. */
export function bodyOf(envelope: XmlElement): XmlElement | undefined {
  return envelope.need(namespaces.soap, 'Body').children[0];
}
