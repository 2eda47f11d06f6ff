/** The reasons why the service cannot seal a document. */
export type SealErrorCode = 'document-invalid' | 'document-too-large' | 'signing-key-unsuitable';

/** A document or key that the protocol cannot use. The message contains no text of the document. */
export class SealError extends Error {
  override readonly name = 'SealError';
  readonly code: SealErrorCode;

  constructor(code: SealErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
