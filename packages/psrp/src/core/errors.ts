/** What a {@link PsrpError} is about. Callers decide by this, never by the message's text. */
export type PsrpErrorCode =
  /** A fragment whose header or length cannot be (MS-PSRP 2.2.4). */
  | 'fragment-malformed'
  /** A fragment is missing: what was sent between is lost, and the stream with it. */
  | 'fragment-gap'
  /** A fragment came twice with different bytes, or belongs to an object that is complete already. */
  | 'fragment-duplicate'
  /** An object, or what the pool holds of several, is larger than the limits allow. */
  | 'object-too-large'
  /** A value to be sent has more levels than PowerShell reads (49, the innermost value counted). */
  | 'object-too-deep'
  /** A message whose header, CLIXML or properties are not what its type says (MS-PSRP 2.2.2). */
  | 'message-malformed'
  /** A message that the peer may not send at all, or not now. */
  | 'message-unexpected'
  /** The caller asked for something that the pool or pipeline cannot do in its state: see {@link PsrpStateError}. */
  | 'invalid-state'
  /** The peer speaks a version of the protocol that we do not. */
  | 'version-unsupported'
  /** Something of the protocol that is refused here, such as secure strings and their keys. */
  | 'unsupported'
  /** A pipeline ended in a terminating error: see {@link PipelineFailedError}. */
  | 'pipeline-failed'
  /** A pipeline was stopped by somebody other than its caller. */
  | 'pipeline-stopped'
  /** The pool is broken: the peer said so, or the transport failed (`cause` says how). */
  | 'pool-broken'
  /** The pool was closed while something was under way. */
  | 'pool-closed'
  /** The transport ended before the pipeline or the pool did. */
  | 'transport-ended'
  /** A packet of the process transport that cannot be read. */
  | 'packet-malformed'
  /** The process could not be started, or died. */
  | 'process-failed';

/** Everything that goes wrong in psrp's core, pools and processes, by its {@link PsrpErrorCode}. */
export class PsrpError extends Error {
  override readonly name: string = 'PsrpError';
  readonly code: PsrpErrorCode;

  constructor(code: PsrpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Code `invalid-state`: what was asked, the state there was, and the states in which it would have been possible. */
export class PsrpStateError extends PsrpError {
  override readonly name = 'PsrpStateError';
  readonly action: string;
  readonly state: string;
  readonly expected: readonly string[];

  constructor(action: string, state: string, expected: readonly string[]) {
    super('invalid-state', `Cannot ${action} in state ${state}; possible in: ${expected.join(', ')}`);
    this.action = action;
    this.state = state;
    this.expected = expected;
  }
}
