import { wsmanFaults } from './fault-codes.ts';

/**
 * Codes by subcode of DSP0226 and WS-Addressing, as paired in wsmerror.h; keys are local names in lower case.
 * `InvalidSelectors` is Windows' code for a shell or command that does not exist: requests here select nothing else.
 */
const codes = {
  accessdenied: wsmanFaults.accessDenied.code,
  actionmismatch: 2150858801,
  actionnotsupported: wsmanFaults.invalidAction.code,
  alreadyexists: 2150858803,
  concurrency: 2150858802,
  deliveryrefused: 2150858804,
  destinationunreachable: wsmanFaults.resourceNotFound.code,
  encodinglimit: wsmanFaults.encodingLimit.code,
  failedauthentication: wsmanFaults.accessDenied.code,
  incompatibleepr: 2150858807,
  internalerror: wsmanFaults.internalError.code,
  invalidbody: 2150858791,
  invalidoptions: wsmanFaults.invalidOptions.code,
  invalidparameter: 2150858810,
  invalidresourceuri: wsmanFaults.invalidResourceUri.code,
  invalidselectors: wsmanFaults.shellNotFound.code,
  invalidsystem: 2150858812,
  quotalimit: wsmanFaults.quotaLimit.code,
  schemavalidationerror: wsmanFaults.schemaValidation.code,
  timedout: wsmanFaults.timedOut.code,
  unsupportedencoding: 2150858796,
  unsupportedfeature: 2150858818,
  urilimit: 2150858797,
} as const satisfies Record<string, number>;

const bySubcode: ReadonlyMap<string, number> = new Map(Object.entries(codes));

/** Returns the code of a subcode, for faults without a code; 0 if the subcode is unknown. */
export function codeOfSubcode(subcode: string): number {
  return bySubcode.get(subcode.toLowerCase()) ?? 0;
}
