/**
 * WS-Management with the Windows shell extension (MS-WSMV) as pure functions: writes and reads envelopes, for clients
 * and servers. No I/O, no clock, no randomness.
 */
export {
  actionUris,
  actionOf,
  commandStateUris,
  namespaces,
  shellResourceUris,
  signalUris,
  type ActionName,
} from './namespaces.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { decodeText, originalContentType } from './decode-text.ts';
export { soapContentType, type MessageBody } from './message-body.ts';
export { wsmanFaults, type FaultName } from './fault-codes.ts';
export { WsmanFault } from './fault.ts';
export { defaultXmlLimits, EnvelopeError, parseXml, XmlElement, type XmlLimits } from './xml.ts';
export type { ShellReference } from './request-parts.ts';
export {
  envelopeOverhead,
  identifyEnvelope,
  requestEnvelope,
  type CommandRequest,
  type ConnectRequest,
  type CreateRequest,
  type DeleteRequest,
  type DisconnectRequest,
  type EnumerateRequest,
  type ReceiveRequest,
  type ReconnectRequest,
  type RequestHeader,
  type RequestOf,
  type SendRequest,
  type SignalRequest,
  type WsmanRequest,
} from './requests.ts';
export type { CreateCommandShellRequest, RunCommandRequest } from './winrs-requests.ts';
export { readRequest, type ReceivedHeader, type ReceivedMessage } from './read-request.ts';
export {
  faultEnvelope,
  identifyResponseEnvelope,
  responseEnvelope,
  type CommandState,
  type Identity,
  type ResponseHeader,
  type ShellDescription,
  type StreamChunk,
  type WsmanResponse,
} from './responses.ts';
export { readIdentity, readResponse, tryReadFault, type Answer, type ResponseOf } from './read-response.ts';
