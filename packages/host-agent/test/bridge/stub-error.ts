/** What the other side throws, as far as the agent may look at it. */
export interface StubErrorDetails {
  /** The start of FullyQualifiedErrorId. */
  readonly id?: string;
  readonly category?: string;
  /** MI_Result of a CimException. */
  readonly nativeErrorCode?: number;
}

/** An error that the cmdlet behind a stub would give. */
export class StubError extends Error {
  override readonly name = 'StubError';
  readonly details: StubErrorDetails;

  constructor(message: string, details: StubErrorDetails = {}) {
    super(message);
    this.details = details;
  }
}
