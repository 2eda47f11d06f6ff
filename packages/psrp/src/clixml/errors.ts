/** What a {@link ClixmlError} is about. */
export type ClixmlErrorCode =
  /** Not well-formed XML, or not UTF-8. */
  | 'malformed-xml'
  /** A document type, an entity of its own, or another construct that CLIXML never has. */
  | 'forbidden-xml'
  /** Well-formed, but not CLIXML: an unknown element, or one in the wrong place. */
  | 'unexpected-element'
  /** The text of a primitive is not a value of its type. */
  | 'invalid-value'
  /** A reference to an object or to type names that were not there before it. */
  | 'unknown-reference'
  | 'too-deep'
  | 'too-large';

/** CLIXML that cannot be read, or a value that cannot be written. */
export class ClixmlError extends Error {
  override readonly name = 'ClixmlError';
  readonly code: ClixmlErrorCode;
  /** Offset in the text, in UTF-16 code units, about where reading stopped. */
  readonly position: number | undefined;

  constructor(code: ClixmlErrorCode, message: string, options: { position?: number; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.position = options.position;
  }
}
