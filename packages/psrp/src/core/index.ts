export { PsrpError, PsrpStateError, type PsrpErrorCode } from './errors.ts';
export { PipelineFailedError } from './pipeline-failed-error.ts';
export { checkOptions, OptionError, rules, type OptionRule, type OptionRules } from '../options.ts';
export { emptyGuid, normalizeGuid, readGuid, writeGuid } from './guid.ts';
export { encodeFragment, fragmentHeaderSize, FragmentReader, type Fragment } from './fragment.ts';
export { FragmentAssembler } from './fragment-assembler.ts';
export {
  clientFragmentLimits,
  defaultMaxSentObjectSize,
  resolveLimits,
  serverFragmentLimits,
  type FragmentLimits,
} from './limits.ts';
export {
  messageTypes,
  messageTypeOf,
  type Destination,
  type MessageType,
  type MessageTypeInfo,
} from './message-types.ts';
export {
  decodeHeader,
  decodeMessage,
  encodeMessage,
  messageHeaderSize,
  type Message,
  type MessageHeader,
} from './message.ts';
export { decodeBody, encodeBody, type MessageBodies, type TypedMessage } from './codecs.ts';
export { errorCategories, type ErrorCategory } from './error-category.ts';
export {
  decodeErrorRecord,
  encodeErrorRecord,
  type ErrorRecord,
  type ErrorRecordParts,
  type ExceptionInfo,
} from './error-record.ts';
export type { InvocationInfo } from './invocation-info.ts';
export type { InformationalRecord, InformationRecord, ProgressRecord } from './records.ts';
export type { CommandParameter, PipelineCommand, PipelineRequest } from './create-pipeline.ts';
export { voidCallId, type HostCall, type HostResponse } from './host-call.ts';
export type {
  CommandMetadataRequest,
  InitRunspacePool,
  RunspaceAvailability,
  SessionCapability,
  StateChange,
  UserEvent,
} from './pool-messages.ts';
export { isFinal, type FinalPipelineState, type PipelineState, type RunspacePoolState } from './states.ts';
export type { OutboundData, OutboundStream } from './outbox.ts';
export type { PoolEvent, UnreadableMessage } from './runspace-pool.ts';
export {
  ClientPipeline,
  ClientRunspacePool,
  type ClientEvent,
  type ClientRunspacePoolOptions,
} from './client-runspace-pool.ts';
export {
  ServerRunspacePool,
  type ServerEvent,
  type ServerRunspacePoolOptions,
} from './server-runspace-pool.ts';
export { ServerPipeline } from './server-pipeline.ts';
export { ValueQueue } from './value-queue.ts';
