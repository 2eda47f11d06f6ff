/** Destination of a message in its header (MS-PSRP 2.2.1). */
export type Destination = 'client' | 'server';

/** Properties of a message type. */
export interface MessageTypeInfo {
  /** Number in the header (MS-PSRP 2.2.1). */
  readonly code: number;
  /** Receiver. */
  readonly to: Destination | 'both';
  /** The addressee of the message: a pool or a pipeline. */
  readonly scope: 'pool' | 'pipeline';
}

/** All message types of MS-PSRP 2.2.1, by the names of the specification. */
export const messageTypes = {
  SESSION_CAPABILITY: { code: 0x0001_0002, to: 'both', scope: 'pool' },
  INIT_RUNSPACEPOOL: { code: 0x0001_0004, to: 'server', scope: 'pool' },
  PUBLIC_KEY: { code: 0x0001_0005, to: 'server', scope: 'pool' },
  ENCRYPTED_SESSION_KEY: { code: 0x0001_0006, to: 'client', scope: 'pool' },
  PUBLIC_KEY_REQUEST: { code: 0x0001_0007, to: 'client', scope: 'pool' },
  CONNECT_RUNSPACEPOOL: { code: 0x0001_0008, to: 'server', scope: 'pool' },
  SET_MAX_RUNSPACES: { code: 0x0002_1002, to: 'server', scope: 'pool' },
  SET_MIN_RUNSPACES: { code: 0x0002_1003, to: 'server', scope: 'pool' },
  RUNSPACE_AVAILABILITY: { code: 0x0002_1004, to: 'client', scope: 'pool' },
  RUNSPACEPOOL_STATE: { code: 0x0002_1005, to: 'client', scope: 'pool' },
  CREATE_PIPELINE: { code: 0x0002_1006, to: 'server', scope: 'pipeline' },
  GET_AVAILABLE_RUNSPACES: { code: 0x0002_1007, to: 'server', scope: 'pool' },
  USER_EVENT: { code: 0x0002_1008, to: 'client', scope: 'pool' },
  APPLICATION_PRIVATE_DATA: { code: 0x0002_1009, to: 'client', scope: 'pool' },
  GET_COMMAND_METADATA: { code: 0x0002_100a, to: 'server', scope: 'pipeline' },
  RUNSPACEPOOL_INIT_DATA: { code: 0x0002_100b, to: 'client', scope: 'pool' },
  RESET_RUNSPACE_STATE: { code: 0x0002_100c, to: 'server', scope: 'pool' },
  RUNSPACEPOOL_HOST_CALL: { code: 0x0002_1100, to: 'client', scope: 'pool' },
  RUNSPACEPOOL_HOST_RESPONSE: { code: 0x0002_1101, to: 'server', scope: 'pool' },
  PIPELINE_INPUT: { code: 0x0004_1002, to: 'server', scope: 'pipeline' },
  END_OF_PIPELINE_INPUT: { code: 0x0004_1003, to: 'server', scope: 'pipeline' },
  PIPELINE_OUTPUT: { code: 0x0004_1004, to: 'client', scope: 'pipeline' },
  ERROR_RECORD: { code: 0x0004_1005, to: 'client', scope: 'pipeline' },
  PIPELINE_STATE: { code: 0x0004_1006, to: 'client', scope: 'pipeline' },
  DEBUG_RECORD: { code: 0x0004_1007, to: 'client', scope: 'pipeline' },
  VERBOSE_RECORD: { code: 0x0004_1008, to: 'client', scope: 'pipeline' },
  WARNING_RECORD: { code: 0x0004_1009, to: 'client', scope: 'pipeline' },
  PROGRESS_RECORD: { code: 0x0004_1010, to: 'client', scope: 'pipeline' },
  INFORMATION_RECORD: { code: 0x0004_1011, to: 'client', scope: 'pipeline' },
  PIPELINE_HOST_CALL: { code: 0x0004_1100, to: 'client', scope: 'pipeline' },
  PIPELINE_HOST_RESPONSE: { code: 0x0004_1101, to: 'server', scope: 'pipeline' },
} as const satisfies Record<string, MessageTypeInfo>;

/** Name of a message type in the specification. */
export type MessageType = keyof typeof messageTypes;

const byCode = new Map<number, MessageType>(
  Object.entries(messageTypes).map(([name, { code }]) => [code, name as MessageType]),
);

/** Returns the message type with this code; undefined if there is none. */
export function messageTypeOf(code: number): MessageType | undefined {
  return byCode.get(code);
}
