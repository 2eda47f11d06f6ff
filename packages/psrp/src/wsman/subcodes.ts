import { FAULTS } from './fault-codes.ts';

/**
 * The code that each subcode of DSP0226 and WS-Addressing stands for, as wsmerror.h pairs them; by local name in lower case.
 * `InvalidSelectors` is the code that Windows gives for a shell or command which is gone: those are all that we select.
 */
const codes = {
  accessdenied: FAULTS.accessDenied.code,
  actionmismatch: 2150858801,
  actionnotsupported: FAULTS.invalidAction.code,
  alreadyexists: 2150858803,
  concurrency: 2150858802,
  deliveryrefused: 2150858804,
  destinationunreachable: FAULTS.resourceNotFound.code,
  encodinglimit: FAULTS.encodingLimit.code,
  failedauthentication: FAULTS.accessDenied.code,
  incompatibleepr: 2150858807,
  internalerror: FAULTS.internalError.code,
  invalidbody: 2150858791,
  invalidoptions: FAULTS.invalidOptions.code,
  invalidparameter: 2150858810,
  invalidresourceuri: FAULTS.invalidResourceUri.code,
  invalidselectors: FAULTS.shellNotFound.code,
  invalidsystem: 2150858812,
  quotalimit: FAULTS.quotaLimit.code,
  schemavalidationerror: FAULTS.schemaValidation.code,
  timedout: FAULTS.timedOut.code,
  unsupportedencoding: 2150858796,
  unsupportedfeature: 2150858818,
  urilimit: 2150858797,
} as const satisfies Record<string, number>;

const bySubcode: ReadonlyMap<string, number> = new Map(Object.entries(codes));

/** The code that a fault without one means by its subcode, or 0 for an unknown subcode. */
export function codeOfSubcode(subcode: string): number {
  return bySubcode.get(subcode.toLowerCase()) ?? 0;
}
