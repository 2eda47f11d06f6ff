import { property, psEnum, psList, psObject, type PsValue } from '../clixml/index.ts';
import { callIdOf, integerOf, itemsOf, need, textOf, type Codec } from './codec.ts';
import { decodeErrorRecord, type ErrorRecord } from './error-record.ts';

/** Call id of host calls without a response. */
export const voidCallId = -100n;

/** Body of PIPELINE_HOST_CALL and RUNSPACEPOOL_HOST_CALL (MS-PSRP 2.2.2.15, 2.2.2.27). */
export interface HostCall {
  readonly callId: bigint;
  /** RemoteHostMethodId: its number, and its name if the sender gave one (MS-PSRP 2.2.3.17). */
  readonly methodId: number;
  readonly methodName: string | undefined;
  readonly parameters: readonly PsValue[];
}

/** Body of PIPELINE_HOST_RESPONSE and RUNSPACEPOOL_HOST_RESPONSE (MS-PSRP 2.2.2.16, 2.2.2.28). */
export interface HostResponse {
  readonly callId: bigint;
  readonly methodId: number;
  readonly result: PsValue | undefined;
  readonly error: ErrorRecord | undefined;
}

const methodIdType = 'System.Management.Automation.Remoting.RemoteHostMethodId';

/** Codec of host calls of pools and pipelines. */
export const hostCallCodec: Codec<HostCall> = {
  encode: (call) =>
    psObject({
      ci: call.callId,
      mi: psEnum(methodIdType, call.methodId, call.methodName),
      mp: psList(call.parameters),
    }),
  decode: (payload) => ({
    callId: callIdOf(payload),
    methodId: need(integerOf(payload, 'mi'), 'mi'),
    methodName: textOf(payload, 'mi'),
    parameters: itemsOf(payload, 'mp'),
  }),
};

/** Codec of responses to host calls. */
export const hostResponseCodec: Codec<HostResponse> = {
  encode: (response) => {
    const entries: [string, PsValue][] = [];
    if (response.result !== undefined) entries.push(['mr', response.result]);
    if (response.error !== undefined) entries.push(['me', response.error.source]);
    entries.push(['mi', psEnum(methodIdType, response.methodId)], ['ci', response.callId]);
    return psObject(entries);
  },
  decode: (payload) => ({
    callId: callIdOf(payload),
    methodId: need(integerOf(payload, 'mi'), 'mi'),
    result: property(payload, 'mr'),
    error: decodeErrorRecord(property(payload, 'me')),
  }),
};
