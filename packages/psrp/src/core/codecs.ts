import type { PsValue } from '../clixml/index.ts';
import type { Codec } from './codec.ts';
import { createPipelineCodec } from './create-pipeline.ts';
import { hostCallCodec, hostResponseCodec } from './host-call.ts';
import type { MessageType } from './message-types.ts';
import * as pool from './pool-messages.ts';
import { informationalCodec, informationCodec, progressCodec } from './records.ts';

/** Codecs by message type. */
const messageCodecs = {
  SESSION_CAPABILITY: pool.capabilityCodec,
  INIT_RUNSPACEPOOL: pool.initRunspacePoolCodec,
  PUBLIC_KEY: pool.keyCodec('PublicKey'),
  ENCRYPTED_SESSION_KEY: pool.keyCodec('EncryptedSessionKey'),
  PUBLIC_KEY_REQUEST: pool.emptyStringCodec,
  CONNECT_RUNSPACEPOOL: pool.runspaceCountsCodec,
  SET_MAX_RUNSPACES: pool.setRunspacesCodec('MaxRunspaces'),
  SET_MIN_RUNSPACES: pool.setRunspacesCodec('MinRunspaces'),
  RUNSPACE_AVAILABILITY: pool.availabilityCodec,
  RUNSPACEPOOL_STATE: pool.poolStateCodec,
  CREATE_PIPELINE: createPipelineCodec,
  GET_AVAILABLE_RUNSPACES: pool.callCodec,
  USER_EVENT: pool.userEventCodec,
  APPLICATION_PRIVATE_DATA: pool.privateDataCodec,
  GET_COMMAND_METADATA: pool.commandMetadataCodec,
  RUNSPACEPOOL_INIT_DATA: pool.runspaceCountsCodec,
  RESET_RUNSPACE_STATE: pool.callCodec,
  RUNSPACEPOOL_HOST_CALL: hostCallCodec,
  RUNSPACEPOOL_HOST_RESPONSE: hostResponseCodec,
  PIPELINE_INPUT: pool.valueCodec,
  END_OF_PIPELINE_INPUT: pool.noPayloadCodec,
  PIPELINE_OUTPUT: pool.valueCodec,
  ERROR_RECORD: pool.errorRecordCodec,
  PIPELINE_STATE: pool.pipelineStateCodec,
  DEBUG_RECORD: informationalCodec('Debug'),
  VERBOSE_RECORD: informationalCodec('Verbose'),
  WARNING_RECORD: informationalCodec('Warning'),
  PROGRESS_RECORD: progressCodec,
  INFORMATION_RECORD: informationCodec,
  PIPELINE_HOST_CALL: hostCallCodec,
  PIPELINE_HOST_RESPONSE: hostResponseCodec,
} as const satisfies Record<
  MessageType,
  { encode(body: never): PsValue | undefined; decode(payload: PsValue | undefined): unknown }
>;

/** Body types by message type. */
export type MessageBodies = {
  [Type in MessageType]: ReturnType<(typeof messageCodecs)[Type]['decode']>;
};

/** Message type with its body: checking `type` narrows `body`. */
export type TypedMessage = {
  [Type in MessageType]: { readonly type: Type; readonly body: MessageBodies[Type] };
}[MessageType];

/** Encodes the body of a message as its payload. Returns undefined if the type has no payload. */
export function encodeBody<Type extends MessageType>(
  type: Type,
  body: MessageBodies[Type],
): PsValue | undefined {
  const codecs: { [T in MessageType]: Codec<MessageBodies[T]> } = messageCodecs;
  return codecs[type].encode(body);
}

/**
 * Decodes the payload of a message.
 *
 * @throws {PsrpError} `message-malformed`.
 */
export function decodeBody<Type extends MessageType>(
  type: Type,
  payload: PsValue | undefined,
): MessageBodies[Type] {
  const codecs: { [T in MessageType]: Codec<MessageBodies[T]> } = messageCodecs;
  return codecs[type].decode(payload);
}
