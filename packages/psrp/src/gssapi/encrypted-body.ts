import { GssapiError } from './errors.ts';

/** Body with its content type. */
export interface ContentBody {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Sealed message: signature and encrypted data of MS-WSMV 2.2.9.1. */
export interface SealedPart {
  readonly signature: Buffer;
  /** Encrypted data, as long as the message in clear text. */
  readonly data: Buffer;
}

const encryptionProtocol = 'application/HTTP-SPNEGO-session-encrypted';
const mimeBoundary = 'Encrypted Boundary';
const encryptedContentType = `multipart/encrypted;protocol="${encryptionProtocol}";boundary="${mimeBoundary}"`;

/** Exceeds the signature of every encryption type: the longest of RFC 8009 has 72 bytes. */
const maxSignatureBytes = 256;
const maxParts = 1024;
const maxHeaderLineBytes = 512;
const maxHeaderLines = 8;

/**
 * Builds the multipart body of one sealed message (MS-WSMV 2.2.9.1.1). `original` is the content type in clear text.
 */
export function buildEncryptedBody(part: SealedPart, original: string): ContentBody {
  const head =
    `--${mimeBoundary}\r\n\tContent-Type: ${encryptionProtocol}\r\n` +
    `\tOriginalContent: type=${original};Length=${part.data.length}\r\n` +
    `--${mimeBoundary}\r\n\tContent-Type: application/octet-stream\r\n`;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(part.signature.length);
  const body = [
    Buffer.from(head, 'latin1'),
    length,
    part.signature,
    part.data,
    Buffer.from(`--${mimeBoundary}--\r\n`),
  ];
  return { contentType: encryptedContentType, body: Buffer.concat(body) };
}

/**
 * Parses the sealed messages in a body, in order. The parts are views of the body.
 *
 * @throws {GssapiError} `not-sealed` for another content type; `bad-seal` if the body violates MS-WSMV 2.2.9.1.1.
 */
export function parseEncryptedBody({ contentType, body }: ContentBody): readonly SealedPart[] {
  const reader = new PartReader(body, boundaryOf(contentType));
  const parts: SealedPart[] = [];
  reader.delimiter();
  do {
    if (parts.length === maxParts) throw malformed('too many parts');
    parts.push(reader.part());
  } while (!reader.delimiter());
  return parts;
}

function boundaryOf(contentType: string): string {
  const [type, ...parameters] = contentType.split(';').map((text) => text.trim());
  if (type?.toLowerCase() !== 'multipart/encrypted') throw new GssapiError('not-sealed');
  const values = new Map<string, string>();
  for (const parameter of parameters) {
    const [, name, quoted, bare] = /^([a-z]+)=(?:"([^"]*)"|([^\s"]+))$/i.exec(parameter) ?? [];
    if (name === undefined) throw malformed('unreadable content type');
    values.set(name.toLowerCase(), quoted ?? bare ?? '');
  }
  if (values.get('protocol')?.toLowerCase() !== encryptionProtocol.toLowerCase())
    throw malformed('another protocol');
  const boundary = values.get('boundary') ?? '';
  if (!/^[\x20-\x7e]{1,70}$/.test(boundary)) throw malformed('no boundary');
  return boundary;
}

/** Reads strictly forward. Lengths determine where data ends, so data that resembles a boundary is harmless. */
class PartReader {
  readonly #body: Buffer;
  readonly #delimiter: Buffer;
  #at = 0;

  constructor(body: Buffer, boundary: string) {
    this.#body = body;
    this.#delimiter = Buffer.from(`--${boundary}`, 'latin1');
  }

  /** Reads a delimiter line. Returns true for the closing delimiter. */
  delimiter(): boolean {
    if (!this.#atDelimiter()) throw malformed('a boundary is missing');
    this.#at += this.#delimiter.length;
    const line = this.#line();
    if (line === '--') {
      if (this.#at !== this.#body.length) throw malformed('something follows the end');
      return true;
    }
    if (line !== '') throw malformed('a boundary is damaged');
    return false;
  }

  part(): SealedPart {
    const headers = this.#headers();
    if (headers.get('content-type')?.toLowerCase() !== encryptionProtocol.toLowerCase())
      throw malformed('another protocol');
    const [, digits] =
      /^type=[^\r\n]+;\s*length=(\d{1,10})$/i.exec(headers.get('originalcontent') ?? '') ?? [];
    if (digits === undefined) throw malformed('no length of the original');
    if (this.delimiter()) throw malformed('the data is missing');
    const [name, type] = header(this.#line());
    if (name !== 'content-type' || type.toLowerCase() !== 'application/octet-stream')
      throw malformed('no data');
    const signatureLength = this.#take(4).readUInt32LE();
    if (signatureLength > maxSignatureBytes) throw malformed('the signature is too long');
    return { signature: this.#take(signatureLength), data: this.#take(Number(digits)) };
  }

  #headers(): ReadonlyMap<string, string> {
    const headers = new Map<string, string>();
    while (!this.#atDelimiter()) {
      const [name, value] = header(this.#line());
      if (headers.has(name) || headers.size === maxHeaderLines) throw malformed('too many headers');
      headers.set(name, value);
    }
    return headers;
  }

  #atDelimiter(): boolean {
    const end = this.#at + this.#delimiter.length;
    return (
      end <= this.#body.length &&
      this.#body.compare(this.#delimiter, 0, this.#delimiter.length, this.#at, end) === 0
    );
  }

  #line(): string {
    const window = this.#body.subarray(this.#at, this.#at + maxHeaderLineBytes);
    const end = window.indexOf('\r\n', 0, 'latin1');
    // Some senders omit the last line break.
    if (end < 0 && this.#at + window.length === this.#body.length)
      return this.#take(window.length).toString('latin1');
    if (end < 0) throw malformed('a line is too long');
    const line = window.toString('latin1', 0, end);
    this.#at += end + 2;
    return line;
  }

  #take(length: number): Buffer {
    if (length > this.#body.length - this.#at) throw malformed('it ends too early');
    this.#at += length;
    return this.#body.subarray(this.#at - length, this.#at);
  }
}

function header(line: string): readonly [name: string, value: string] {
  const [, name, value] = /^[ \t]*([A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
  if (name === undefined || value === undefined) throw malformed('a header is unreadable');
  return [name.toLowerCase(), value];
}

function malformed(detail: string): GssapiError {
  return new GssapiError('bad-seal', detail);
}
