// No schema here: the console imports this table without TypeBox.

/**
 * All error codes of the product. `http` is the status with which the API reports an error (RFC 9457), `title` its
 * short name. The console has its own text for each.
 */
export const errorCodes = {
  'bad-request': { http: 400, title: 'The request cannot be parsed' },
  'sign-in-failed': { http: 400, title: 'The sign-in could not be completed' },
  unauthenticated: { http: 401, title: 'Not signed in' },
  'session-expired': { http: 401, title: 'The session has ended' },
  'signature-used': { http: 401, title: 'The signature was used before' },
  forbidden: { http: 403, title: 'Not permitted' },
  'foreign-origin': { http: 403, title: 'The request comes from another site' },
  'not-found': { http: 404, title: 'Not found' },
  'method-not-allowed': { http: 405, title: 'Method not allowed' },
  'wrong-state': { http: 409, title: 'Not possible in this state' },
  'already-running': { http: 409, title: 'Already in progress' },
  conflict: { http: 409, title: 'The object has changed' },
  'ambiguous-name': { http: 409, title: 'Several VMs have this name' },
  'no-suitable-host': { http: 409, title: 'No host is suitable' },
  disputed: { http: 409, title: 'Hosts contradict each other' },
  'in-use': { http: 409, title: 'In use elsewhere' },
  fenced: { http: 409, title: 'A newer instance of the service has taken over' },
  'precondition-failed': { http: 412, title: 'The object has changed since it was read' },
  'payload-too-large': { http: 413, title: 'The request is too large' },
  'unsupported-media-type': { http: 415, title: 'Only JSON is accepted' },
  'foreign-host': { http: 421, title: 'Unknown host name' },
  'validation-failed': { http: 422, title: 'Some fields are invalid' },
  'too-many-requests': { http: 429, title: 'Too many requests' },
  cancelled: { http: 409, title: 'Cancelled' },
  internal: { http: 500, title: 'Internal error' },
  'not-supported': { http: 501, title: 'Not supported by this host' },
  'out-of-space': { http: 507, title: 'Not enough space on the host' },
  'agent-error': { http: 502, title: 'The host reported an error' },
  'hyperv-missing': { http: 502, title: 'Hyper-V is not installed on the host' },
  'agent-missing': { http: 502, title: 'The agent is not installed on the host' },
  'contract-violation': { http: 502, title: 'The host’s response is invalid' },
  'access-denied': { http: 502, title: 'The host refused the credentials' },
  'outcome-unknown': { http: 502, title: 'The outcome is unknown' },
  'audit-unavailable': { http: 503, title: 'The audit log cannot be written' },
  'provider-unavailable': { http: 503, title: 'The identity provider cannot be reached' },
  'host-unreachable': { http: 503, title: 'The host cannot be reached' },
  'hyperv-unavailable': { http: 503, title: 'Hyper-V does not respond on the host' },
  'host-unavailable': { http: 503, title: 'The host is unavailable' },
  'shutting-down': { http: 503, title: 'The service is shutting down' },
  'host-timeout': { http: 504, title: 'The host did not respond in time' },
  'guest-timeout': { http: 504, title: 'The guest did not respond in time' },
} as const satisfies Record<string, { readonly http: number; readonly title: string }>;

/** An error code. */
export type ErrorCode = keyof typeof errorCodes;

/** All error codes, for schemas and tests. */
export const errorCodeList = Object.keys(errorCodes) as ErrorCode[];
