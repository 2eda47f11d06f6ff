import {
  decodeErrorRecord,
  encodeErrorRecord,
  PsrpError,
  voidCallId,
  type HostCall,
  type HostResponse,
} from '../core/index.ts';

/**
 * Maximum number of unsent refusals. A host makes one call and waits; a host that floods the client would fill its
 * memory.
 */
const maxWaiting = 1000;

/**
 * Refuses host calls: the client announces a null host. Servers that respect this never make host calls; one that does
 * would otherwise wait forever.
 */
export class HostCallRefuser {
  readonly #send: (response: HostResponse) => Promise<void>;
  #waiting = 0;

  /** @param send queues a response; resolves when all queued responses have been sent. */
  constructor(send: (response: HostResponse) => Promise<void>) {
    this.#send = send;
  }

  /** Rejects as `send` does, and with a PsrpError `message-unexpected` if too many refusals are unsent. */
  async refuse(call: HostCall): Promise<void> {
    if (call.callId === voidCallId) return;
    if (this.#waiting >= maxWaiting) {
      throw new PsrpError('message-unexpected', 'The host repeats a host call without accepting the answer');
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
      message: `The client has no interactive host for ${method}.`,
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
