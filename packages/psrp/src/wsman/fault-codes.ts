/** Properties of a fault. */
export interface FaultDescriptor {
  /** `Code` of `f:WSManFault`: a Win32 or WinRM error number. */
  readonly code: number;
  /** Party that caused the fault: `Code` of SOAP 1.2. */
  readonly role: 'Sender' | 'Receiver';
  /** Local name of the subcode, in the WS-Management namespace unless `addressing` says otherwise. */
  readonly subcode: string;
  readonly addressing?: true;
  readonly reason: string;
}

/**
 * Faults that this package raises or distinguishes, by names of this package; the numbers are from wsmerror.h and
 * winerror.h. A fault with any other number is a `WsmanFault` without a name.
 */
export const wsmanFaults = {
  accessDenied: { code: 5, role: 'Sender', subcode: 'AccessDenied', reason: 'Access is denied.' },
  aborted: {
    code: 995,
    role: 'Receiver',
    subcode: 'InternalError',
    reason: 'The I/O operation has been aborted.',
  },
  internalError: {
    code: 1359,
    role: 'Receiver',
    subcode: 'InternalError',
    reason: 'An internal error occurred.',
  },
  resourceNotFound: {
    code: 2150858752,
    role: 'Sender',
    subcode: 'DestinationUnreachable',
    addressing: true,
    reason: 'The service cannot find the resource that the resource URI identifies.',
  },
  invalidAction: {
    code: 2150858753,
    role: 'Sender',
    subcode: 'ActionNotSupported',
    addressing: true,
    reason: 'The action is not supported by the service.',
  },
  invalidUri: {
    code: 2150858754,
    role: 'Sender',
    subcode: 'DestinationUnreachable',
    addressing: true,
    reason: 'The resource URI is not valid.',
  },
  timedOut: {
    code: 2150858793,
    role: 'Receiver',
    subcode: 'TimedOut',
    reason: 'The operation did not complete within the time specified in OperationTimeout.',
  },
  encodingLimit: {
    code: 2150858805,
    role: 'Sender',
    subcode: 'EncodingLimit',
    reason: 'The request exceeds the maximum envelope size.',
  },
  invalidOptions: {
    code: 2150858809,
    role: 'Sender',
    subcode: 'InvalidOptions',
    reason: 'An option of the request is not supported with this value.',
  },
  invalidResourceUri: {
    code: 2150858811,
    role: 'Sender',
    subcode: 'InvalidParameter',
    reason: 'The resource URI does not name a configured endpoint.',
  },
  schemaValidation: {
    code: 2150858817,
    role: 'Sender',
    subcode: 'SchemaValidationError',
    reason: 'The message does not match the schema of the operation.',
  },
  shellNotFound: {
    code: 2150858843,
    role: 'Sender',
    subcode: 'InvalidSelectors',
    reason: 'The shell or command does not exist: it has ended or its identifier is not valid.',
  },
  receiveInProgress: {
    code: 2150859047,
    role: 'Sender',
    subcode: 'Concurrency',
    reason: 'Another Receive for the same stream is still in progress.',
  },
  quotaLimit: {
    code: 2150858815,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'The request exceeds a quota of the service.',
  },
  userQuota: {
    code: 2150859175,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'This user has made too many requests.',
  },
  systemQuota: {
    code: 2150859176,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'The service has too many requests.',
  },
  shellUserQuota: {
    code: 2150859179,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'The service has the maximum number of users with shells.',
  },
  shellQuota: {
    code: 2150859173,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'This user has the maximum number of concurrent shells.',
  },
  operationQuota: {
    code: 2150859174,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'This user has the maximum number of concurrent operations.',
  },
  /** ERROR_NOT_ENOUGH_QUOTA of Win32: what the limit on a shell's processes ends in. Not seen from a real host yet. */
  processQuota: {
    code: 1816,
    role: 'Receiver',
    subcode: 'QuotaLimit',
    reason: 'Not enough quota is available to process this command.',
  },
  endpointShellQuota: {
    code: 2150859236,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'This user has the maximum number of concurrent shells of this endpoint.',
  },
  endpointUserQuota: {
    code: 2150859237,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'The endpoint has the maximum number of concurrent users.',
  },
  endpointTotalShellQuota: {
    code: 2150859238,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'The endpoint has the maximum number of concurrent shells.',
  },
  endpointOperationQuota: {
    code: 2150859239,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'The endpoint has the maximum number of concurrent operations.',
  },
  userOperationQuota: {
    code: 2150859240,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'This user has the maximum number of concurrent operations of this endpoint.',
  },
  commandQuota: {
    code: 2150859241,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'The shell has started the maximum number of commands.',
  },
  quotaRequirement: {
    code: 2150859242,
    role: 'Sender',
    subcode: 'QuotaLimit',
    reason: 'The quota that the endpoint requires is not available.',
  },
  commandExists: {
    code: 2150859222,
    role: 'Sender',
    subcode: 'AlreadyExists',
    reason: 'The shell already has a command with this CommandId.',
  },
  shellExists: {
    code: 2150859223,
    role: 'Sender',
    subcode: 'AlreadyExists',
    reason: 'A shell with this ShellId already exists.',
  },
  shellDisconnected: {
    code: 2150859204,
    role: 'Receiver',
    subcode: 'InternalError',
    reason: 'The shell is disconnected: reconnect to it first.',
  },
  streamDisconnected: {
    code: 2150859230,
    role: 'Receiver',
    subcode: 'InternalError',
    reason: 'The client has disconnected from the shell.',
  },
  idleTimeoutBounds: {
    code: 2150859250,
    role: 'Sender',
    subcode: 'InvalidParameter',
    reason: 'IdleTimeOut is outside the bounds that the service allows.',
  },
} as const satisfies Record<string, FaultDescriptor>;

/** Name of a fault in {@link wsmanFaults}. */
export type FaultName = keyof typeof wsmanFaults;
