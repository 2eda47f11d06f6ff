/** Code of a {@link PsrpError}. Branch on this code, never on the message text. */
export type PsrpErrorCode =
  /** A fragment has an invalid header or length (MS-PSRP 2.2.4). */
  | 'fragment-malformed'
  /** A fragment is missing. The stream cannot be read further. */
  | 'fragment-gap'
  /** A fragment was repeated with different bytes, or belongs to an object that is already complete. */
  | 'fragment-duplicate'
  /** An object, or all objects that the pool holds, exceed the limits. */
  | 'object-too-large'
  /** A value to be sent has more levels than PowerShell reads (49, including the innermost value). */
  | 'object-too-deep'
  /** A message has an invalid header, CLIXML or properties for its type (MS-PSRP 2.2.2). */
  | 'message-malformed'
  /** A message that the peer must not send, or not in this state. */
  | 'message-unexpected'
  /** The operation is not possible in the state of the pool or pipeline: see {@link PsrpStateError}. */
  | 'invalid-state'
  /** The protocol version of the peer is not supported. */
  | 'version-unsupported'
  /** An unsupported part of the protocol, for example secure strings and their keys. */
  | 'unsupported'
  /** A pipeline ended in a terminating error: see {@link PipelineFailedError}. */
  | 'pipeline-failed'
  /** A pipeline was stopped, but not by its caller; or the host did not confirm the stop in time. */
  | 'pipeline-stopped'
  /** The pool is broken: the peer reported it, or the transport failed (see `cause`). */
  | 'pool-broken'
  /** The pool was closed. */
  | 'pool-closed'
  /** The transport ended before the pipeline or the pool did. */
  | 'transport-ended'
  /** A packet of the process transport is malformed. */
  | 'packet-malformed'
  /** The process could not be started, or has ended. */
  | 'process-failed';

/** Error of the protocol core, of pools and of processes, classified by its {@link PsrpErrorCode}. */
export class PsrpError extends Error {
  override readonly name: string = 'PsrpError';
  readonly code: PsrpErrorCode;

  constructor(code: PsrpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Error `invalid-state`: the operation, the current state, and the states in which the operation is possible. */
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
