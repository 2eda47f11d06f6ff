/** Code of a {@link ClixmlError}. */
export type ClixmlErrorCode =
  /** The text is not well-formed XML, or not UTF-8. */
  | 'malformed-xml'
  /** A document type, a custom entity, or another XML construct that CLIXML never contains. */
  | 'forbidden-xml'
  /** Well-formed XML but not CLIXML: an unknown or misplaced element. */
  | 'unexpected-element'
  /** The text of a primitive is invalid for its type. */
  | 'invalid-value'
  /** A reference to an object or type names that do not precede it. */
  | 'unknown-reference'
  /** More levels than the limit. */
  | 'too-deep'
  /** Larger than the limit. */
  | 'too-large';

/** Error for CLIXML that cannot be read, or a value that cannot be written. */
export class ClixmlError extends Error {
  override readonly name = 'ClixmlError';
  readonly code: ClixmlErrorCode;
  /** Approximate offset of the error in the text, in UTF-16 code units. */
  readonly position: number | undefined;

  constructor(code: ClixmlErrorCode, message: string, options: { position?: number; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.position = options.position;
  }
}
