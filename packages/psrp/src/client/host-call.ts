import { decodeErrorRecord, encodeErrorRecord, type HostCall, type HostResponse } from '../core/index.ts';

/**
 * The answer to a call of a host that we said we do not have. Servers that heed the null host never ask; one that does
 * would wait for ever.
 */
export function refusedHostCall(call: HostCall): HostResponse {
  const method = call.methodName ?? `method ${call.methodId}`;
  const error = decodeErrorRecord(
    encodeErrorRecord({
      message: `The client has no host to call ${method} of.`,
      fullyQualifiedErrorId: 'HostFunctionNotImplemented',
      category: 'NotImplemented',
      exceptionTypes: [
        'System.Management.Automation.Host.HostException',
        'System.Management.Automation.RuntimeException',
        'System.SystemException',
        'System.Exception',
        'System.Object',
      ],
    }),
  );
  return { callId: call.callId, methodId: call.methodId, result: undefined, error };
}
