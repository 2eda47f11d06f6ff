import {
  decodeErrorRecord,
  encodeErrorRecord,
  PsrpError,
  voidCallId,
  type HostCall,
  type HostResponse,
} from '../core/index.ts';

/** Refusals that may wait to be sent. A host asks once and waits; one that floods us would fill our memory. */
const maxWaiting = 1000;

/**
 * Refuses the calls of a host that we said we do not have. Servers that heed the null host never ask; one that does
 * would wait for ever.
 */
export class HostCallRefuser {
  readonly #send: (response: HostResponse) => Promise<void>;
  #waiting = 0;

  /** @param send queues an answer; resolves when all that is queued has been sent. */
  constructor(send: (response: HostResponse) => Promise<void>) {
    this.#send = send;
  }

  /** Rejects as `send` does, and with a PsrpError `message-unexpected` for a host that asks and takes no answers. */
  async refuse(call: HostCall): Promise<void> {
    if (call.callId === voidCallId) return;
    if (this.#waiting >= maxWaiting) {
      throw new PsrpError(
        'message-unexpected',
        'The host calls its client again and again and takes no answer',
      );
    }
    this.#waiting += 1;
    await this.#send(refusal(call));
    this.#waiting -= 1;
  }
}

function refusal(call: HostCall): HostResponse {
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
