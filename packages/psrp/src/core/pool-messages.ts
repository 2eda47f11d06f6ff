import {
  listItems,
  property,
  psEnum,
  psList,
  psObject,
  PsScalar,
  type PsObject,
  type PsValue,
} from '../clixml/index.ts';
import { callIdOf, enumOf, flagOf, integerOf, itemsOf, need, textOf, type Codec } from './codec.ts';
import { anyApartmentState, nullHostInfo } from './create-pipeline.ts';
import { decodeErrorRecord, type ErrorRecord } from './error-record.ts';
import { pipelineStates, runspacePoolStates, type PipelineState, type RunspacePoolState } from './states.ts';

/** Body of SESSION_CAPABILITY (MS-PSRP 2.2.2.1). */
export interface SessionCapability {
  readonly protocolVersion: string;
  readonly psVersion: string;
  readonly serializationVersion: string;
}

/** Capability of this package. Hosts that speak 2.4 respond with 2.3. */
export const ownCapability: SessionCapability = {
  protocolVersion: '2.3',
  psVersion: '2.0',
  serializationVersion: '1.1.0.1',
};

/** Body of INIT_RUNSPACEPOOL (MS-PSRP 2.2.2.2). HostInfo is always null. */
export interface InitRunspacePool {
  readonly minRunspaces: number;
  readonly maxRunspaces: number;
  /** Value of `$PSSenderInfo.ApplicationArguments` in scripts; null for none. */
  readonly applicationArguments: PsValue;
}

/** Body of RUNSPACEPOOL_STATE (MS-PSRP 2.2.2.9) and PIPELINE_STATE (2.2.2.21): a state, with an error if it failed. */
export interface StateChange<State> {
  readonly state: State;
  readonly error: ErrorRecord | undefined;
}

/** Body of RUNSPACE_AVAILABILITY (MS-PSRP 2.2.2.8): whether a number was set, or the requested number. */
export interface RunspaceAvailability {
  readonly callId: bigint;
  readonly answer: boolean | number;
}

/** Body of SET_MAX_RUNSPACES and SET_MIN_RUNSPACES (MS-PSRP 2.2.2.6, 2.2.2.7). */
export interface SetRunspaces {
  readonly callId: bigint;
  readonly count: number;
}

/** Body of requests with only a call id: GET_AVAILABLE_RUNSPACES, RESET_RUNSPACE_STATE. */
export interface Call {
  readonly callId: bigint;
}

/** Body of CONNECT_RUNSPACEPOOL (MS-PSRP 2.2.2.28) and RUNSPACEPOOL_INIT_DATA (2.2.2.29); undefined keeps a number. */
export interface RunspaceCounts {
  readonly minRunspaces: number | undefined;
  readonly maxRunspaces: number | undefined;
}

/** Body of USER_EVENT (MS-PSRP 2.2.2.12). */
export interface UserEvent {
  readonly sourceIdentifier: string | undefined;
  readonly eventIdentifier: number | undefined;
  readonly timeGenerated: string | undefined;
  readonly computerName: string | undefined;
  readonly runspaceId: string | undefined;
  readonly sender: PsValue;
  readonly sourceArguments: readonly PsValue[];
  readonly messageData: PsValue;
}

/** Body of GET_COMMAND_METADATA (MS-PSRP 2.2.2.14). */
export interface CommandMetadataRequest {
  readonly names: readonly string[];
  /** CommandTypes, a bit field. */
  readonly commandType: number;
  readonly namespaces: readonly string[];
}

/** Codec of SESSION_CAPABILITY. */
export const capabilityCodec: Codec<SessionCapability> = {
  encode: (body) =>
    psObject({
      protocolversion: new PsScalar('Version', body.protocolVersion),
      PSVersion: new PsScalar('Version', body.psVersion),
      SerializationVersion: new PsScalar('Version', body.serializationVersion),
    }),
  decode: (payload) => ({
    protocolVersion: need(textOf(payload, 'protocolversion'), 'protocolversion'),
    psVersion: need(textOf(payload, 'PSVersion'), 'PSVersion'),
    serializationVersion: need(textOf(payload, 'SerializationVersion'), 'SerializationVersion'),
  }),
};

/** Codec of INIT_RUNSPACEPOOL. */
export const initRunspacePoolCodec: Codec<InitRunspacePool> = {
  encode: (body) =>
    psObject({
      MinRunspaces: body.minRunspaces,
      MaxRunspaces: body.maxRunspaces,
      PSThreadOptions: enumOf('System.Management.Automation.Runspaces.PSThreadOptions', ['Default'], 0),
      ApartmentState: anyApartmentState(),
      HostInfo: nullHostInfo(),
      ApplicationArguments: body.applicationArguments,
    }),
  decode: (payload) => ({
    minRunspaces: need(integerOf(payload, 'MinRunspaces'), 'MinRunspaces'),
    maxRunspaces: need(integerOf(payload, 'MaxRunspaces'), 'MaxRunspaces'),
    applicationArguments: property(payload, 'ApplicationArguments') ?? null,
  }),
};

function stateCodec<State extends string>(
  name: 'RunspaceState' | 'PipelineState',
  states: readonly State[],
): Codec<StateChange<State>> {
  return {
    encode: ({ state, error }) => {
      const number = states.indexOf(state);
      return psObject(
        error === undefined ? { [name]: number } : { [name]: number, ExceptionAsErrorRecord: error.source },
      );
    },
    decode: (payload) => ({
      state: need(states[need(integerOf(payload, name), name)], name),
      error: decodeErrorRecord(property(payload, 'ExceptionAsErrorRecord')),
    }),
  };
}

/** Codec of RUNSPACEPOOL_STATE. */
export const poolStateCodec: Codec<StateChange<RunspacePoolState>> = stateCodec(
  'RunspaceState',
  runspacePoolStates,
);

/** Codec of PIPELINE_STATE. */
export const pipelineStateCodec: Codec<StateChange<PipelineState>> = stateCodec(
  'PipelineState',
  pipelineStates,
);

/** Codec of RUNSPACE_AVAILABILITY. */
export const availabilityCodec: Codec<RunspaceAvailability> = {
  encode: ({ callId, answer }) => psObject({ SetMinMaxRunspacesResponse: answer, ci: callId }),
  decode: (payload) => ({
    callId: callIdOf(payload),
    answer: need(
      flagOf(payload, 'SetMinMaxRunspacesResponse') ?? integerOf(payload, 'SetMinMaxRunspacesResponse'),
      'SetMinMaxRunspacesResponse',
    ),
  }),
};

/** Codec of SET_MAX_RUNSPACES and SET_MIN_RUNSPACES. */
export function setRunspacesCodec(name: 'MaxRunspaces' | 'MinRunspaces'): Codec<SetRunspaces> {
  return {
    encode: ({ callId, count }) => psObject({ [name]: count, ci: callId }),
    decode: (payload) => ({ callId: callIdOf(payload), count: need(integerOf(payload, name), name) }),
  };
}

/** Codec of GET_AVAILABLE_RUNSPACES and RESET_RUNSPACE_STATE. */
export const callCodec: Codec<Call> = {
  encode: ({ callId }) => psObject({ ci: callId }),
  decode: (payload) => ({ callId: callIdOf(payload) }),
};

/** Codec of CONNECT_RUNSPACEPOOL and RUNSPACEPOOL_INIT_DATA. */
export const runspaceCountsCodec: Codec<RunspaceCounts> = {
  encode: ({ minRunspaces, maxRunspaces }) => {
    const entries: [string, PsValue][] = [];
    if (minRunspaces !== undefined) entries.push(['MinRunspaces', minRunspaces]);
    if (maxRunspaces !== undefined) entries.push(['MaxRunspaces', maxRunspaces]);
    return psObject(entries);
  },
  decode: (payload) => ({
    minRunspaces: integerOf(payload, 'MinRunspaces'),
    maxRunspaces: integerOf(payload, 'MaxRunspaces'),
  }),
};

/** Codec of APPLICATION_PRIVATE_DATA (MS-PSRP 2.2.2.13): the dictionary, or null. */
export const privateDataCodec: Codec<PsValue> = {
  encode: (data) => psObject({ ApplicationPrivateData: data }),
  decode: (payload) => property(payload, 'ApplicationPrivateData') ?? null,
};

/** Codec of USER_EVENT. */
export const userEventCodec: Codec<UserEvent> = {
  encode: (event) =>
    psObject({
      'PSEventArgs.EventIdentifier': event.eventIdentifier ?? 0,
      'PSEventArgs.SourceIdentifier': event.sourceIdentifier ?? null,
      'PSEventArgs.TimeGenerated':
        event.timeGenerated === undefined ? null : new PsScalar('DT', event.timeGenerated),
      'PSEventArgs.Sender': event.sender,
      'PSEventArgs.SourceArgs': psList(event.sourceArguments),
      'PSEventArgs.MessageData': event.messageData,
      'PSEventArgs.ComputerName': event.computerName ?? null,
      'PSEventArgs.RunspaceId': event.runspaceId === undefined ? null : new PsScalar('G', event.runspaceId),
    }),
  decode: (payload) => ({
    sourceIdentifier: textOf(payload, 'PSEventArgs.SourceIdentifier'),
    eventIdentifier: integerOf(payload, 'PSEventArgs.EventIdentifier'),
    timeGenerated: textOf(payload, 'PSEventArgs.TimeGenerated'),
    computerName: textOf(payload, 'PSEventArgs.ComputerName'),
    runspaceId: textOf(payload, 'PSEventArgs.RunspaceId'),
    sender: property(payload, 'PSEventArgs.Sender') ?? null,
    sourceArguments: itemsOf(payload, 'PSEventArgs.SourceArgs'),
    messageData: property(payload, 'PSEventArgs.MessageData') ?? null,
  }),
};

/** Codec of GET_COMMAND_METADATA. */
export const commandMetadataCodec: Codec<CommandMetadataRequest> = {
  encode: ({ names, commandType, namespaces }) =>
    psObject({
      Name: psList(names),
      CommandType: psEnum('System.Management.Automation.CommandTypes', commandType),
      Namespace: psList(namespaces),
      ArgumentList: null,
    }),
  decode: (payload) => ({
    names: stringsOf(payload, 'Name'),
    commandType: integerOf(payload, 'CommandType') ?? 0,
    namespaces: stringsOf(payload, 'Namespace'),
  }),
};

/** Creates the codec of PUBLIC_KEY or ENCRYPTED_SESSION_KEY (MS-PSRP 2.2.2.3, 2.2.2.4): base64, opaque here. */
export function keyCodec(name: 'PublicKey' | 'EncryptedSessionKey'): Codec<string> {
  return {
    encode: (key) => psObject({ [name]: key }),
    decode: (payload) => need(textOf(payload, name), name),
  };
}

/** Codec of PUBLIC_KEY_REQUEST (MS-PSRP 2.2.2.5): an empty string. */
export const emptyStringCodec: Codec<undefined> = { encode: () => '', decode: () => undefined };

/** Codec of END_OF_PIPELINE_INPUT (MS-PSRP 2.2.2.18), which has no payload. */
export const noPayloadCodec: Codec<undefined> = { encode: () => undefined, decode: () => undefined };

/**
 * Codec of PIPELINE_INPUT and PIPELINE_OUTPUT (MS-PSRP 2.2.2.17, 2.2.2.19): any value. PowerShell omits the payload for
 * null.
 */
export const valueCodec: Codec<PsValue> = {
  encode: (value) => value ?? undefined,
  decode: (payload) => payload ?? null,
};

/** Codec of ERROR_RECORD (MS-PSRP 2.2.2.20). */
export const errorRecordCodec: Codec<ErrorRecord> = {
  encode: ({ source }: { readonly source: PsObject }) => source,
  decode: (payload) => need(decodeErrorRecord(payload), 'FullyQualifiedErrorId'),
};

function stringsOf(payload: PsValue | undefined, name: string): string[] {
  const value = property(payload, name);
  if (typeof value === 'string') return [value];
  return (listItems(value) ?? []).filter((item) => typeof item === 'string');
}
