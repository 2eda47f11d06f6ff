import { formatDuration } from './duration.ts';
import {
  actionUris,
  anonymousAddress,
  namespaces,
  shellResourceUris,
  type ActionName,
} from './namespaces.ts';
import { commandId, idleTimeout, type ShellReference } from './request-parts.ts';
import {
  commandLineElement,
  commandLineOptions,
  commandShellElement,
  commandShellOptions,
  type CreateCommandShellRequest,
  type RunCommandRequest,
} from './winrs-requests.ts';
import { encodeBase64, escapeXml } from './xml.ts';

/** Header of a request. */
export interface RequestHeader {
  /** URL of the endpoint (`wsa:To`). */
  readonly to: string;
  /** A GUID in upper case, new for each request (`wsa:MessageID`). */
  readonly messageId: string;
  /** A GUID in upper case, the same for all requests of one client (`p:SessionId`). */
  readonly sessionId: string;
  /** OperationTimeout, in milliseconds: after it the host responds with the fault TimedOut. */
  readonly operationTimeoutMs: number;
  /** Size of the largest envelope that the client reads, in bytes. */
  readonly maxEnvelopeSize: number;
}

/** Creates a PSRP shell (MS-WSMV 3.1.4.5.2, MS-PSRP 3.1.5.3.1). */
export interface CreateRequest extends ShellReference {
  readonly action: 'create';
  /** `rsp:Name`. */
  readonly name?: string;
  /** Time that the shell survives without requests from its client, in milliseconds. */
  readonly idleTimeoutMs?: number;
  /** True if the user's profile is not loaded (`WINRS_NOPROFILE`). */
  readonly noProfile: boolean;
  /** Value of the option `protocolversion`, sent with MustComply. */
  readonly protocolVersion: string;
  /** First fragments, sent in `creationXml`. */
  readonly creation: Uint8Array;
}

/** Starts a pipeline in a PSRP shell (MS-WSMV 3.1.4.11, MS-PSRP 3.1.5.3.3). */
export interface CommandRequest extends ShellReference {
  readonly action: 'command';
  readonly commandId: string;
  /** First fragments, sent in the single `rsp:Arguments`. */
  readonly args: Uint8Array;
}

/** Sends stream data to a command, or to the shell if there is no `commandId` (MS-WSMV 3.1.4.13). */
export interface SendRequest extends ShellReference {
  readonly action: 'send';
  readonly commandId?: string;
  readonly stream: string;
  readonly data: Uint8Array;
  /** True for the last data of this stream: WinRS commands see the end of their input. */
  readonly end?: boolean;
}

/** Receives output of a command, or of the shell if there is no `commandId` (MS-WSMV 3.1.4.14). */
export interface ReceiveRequest extends ShellReference {
  readonly action: 'receive';
  readonly commandId?: string;
  /** Stream names separated by spaces; `stdout` for PSRP. */
  readonly streams: string;
}

/** Signals a command (MS-WSMV 3.1.4.12). `code` is one of `signalUris` or another URI. */
export interface SignalRequest extends ShellReference {
  readonly action: 'signal';
  readonly commandId: string;
  readonly code: string;
}

/** Deletes a shell. */
export interface DeleteRequest extends ShellReference {
  readonly action: 'delete';
}

/** Disconnects from a shell, which keeps running (MS-WSMV 3.1.4.15). */
export interface DisconnectRequest extends ShellReference {
  readonly action: 'disconnect';
  readonly idleTimeoutMs?: number;
}

/** Reconnects to a shell that this session has disconnected from (MS-WSMV 3.1.4.16). */
export interface ReconnectRequest extends ShellReference {
  readonly action: 'reconnect';
}

/** Connects to a shell that another session has disconnected from (MS-WSMV 3.1.4.17, MS-PSRP 3.1.5.3.14). */
export interface ConnectRequest extends ShellReference {
  readonly action: 'connect';
  /** Fragments of the connect handshake, sent in `connectXml`. */
  readonly connectXml: Uint8Array;
}

/** Lists the user's shells in one response (optimized enumeration, DSP0226 8.2.3). */
export interface EnumerateRequest {
  readonly action: 'enumerate';
}

/** Request to a shell or to the list of shells. */
export type WsmanRequest =
  | CreateRequest
  | CreateCommandShellRequest
  | CommandRequest
  | RunCommandRequest
  | SendRequest
  | ReceiveRequest
  | SignalRequest
  | DeleteRequest
  | DisconnectRequest
  | ReconnectRequest
  | ConnectRequest
  | EnumerateRequest;

/** Request of one action. */
export type RequestOf<A extends ActionName> = Extract<WsmanRequest, { action: A }>;

/** Writes an Identify message, which has an empty header (MS-WSMV 3.1.4.9). */
export function identifyEnvelope(): string {
  return (
    `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:id="${namespaces.identity}"><s:Header/>` +
    `<s:Body><id:Identify/></s:Body></s:Envelope>`
  );
}

/** Writes a request as an envelope. */
export function requestEnvelope<A extends ActionName>(request: RequestOf<A>, header: RequestHeader): string;
export function requestEnvelope(request: WsmanRequest, header: RequestHeader): string {
  const resourceUri = request.action === 'enumerate' ? shellResourceUris.shells : request.resourceUri;
  return (
    `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:w="${namespaces.wsman}" ` +
    `xmlns:p="${namespaces.wsmanMicrosoft}" xmlns:rsp="${namespaces.shell}"><s:Header>` +
    `<a:To>${escapeXml(header.to)}</a:To>` +
    `<w:ResourceURI s:mustUnderstand="true">${escapeXml(resourceUri)}</w:ResourceURI>` +
    `<a:ReplyTo><a:Address s:mustUnderstand="true">${anonymousAddress}</a:Address></a:ReplyTo>` +
    `<a:Action s:mustUnderstand="true">${actionUris[request.action].request}</a:Action>` +
    `<w:MaxEnvelopeSize s:mustUnderstand="true">${header.maxEnvelopeSize}</w:MaxEnvelopeSize>` +
    `<a:MessageID>uuid:${escapeXml(header.messageId)}</a:MessageID>` +
    `<w:Locale xml:lang="en-US" s:mustUnderstand="false"/>` +
    `<p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>` +
    `<p:SessionId s:mustUnderstand="false">uuid:${escapeXml(header.sessionId)}</p:SessionId>` +
    `<w:OperationTimeout>${formatDuration(header.operationTimeoutMs)}</w:OperationTimeout>` +
    selectors(request) +
    options(request) +
    `</s:Header><s:Body>${requestBody(request)}</s:Body></s:Envelope>`
  );
}

/** Writes the selector of the shell. A Create has none: it names its shell in the body. */
function selectors(request: WsmanRequest): string {
  if (request.action === 'create' || request.action === 'enumerate') return '';
  return `<w:SelectorSet><w:Selector Name="ShellId">${escapeXml(request.shellId)}</w:Selector></w:SelectorSet>`;
}

function options(request: WsmanRequest): string {
  if (request.action === 'create' && request.creation === undefined) return commandShellOptions(request);
  if (request.action === 'command' && request.args === undefined) return commandLineOptions(request);
  if (request.action === 'create') {
    const profile = request.noProfile ? '<w:Option Name="WINRS_NOPROFILE">TRUE</w:Option>' : '';
    return (
      `<w:OptionSet s:mustUnderstand="true">${profile}` +
      `<w:Option Name="protocolversion" MustComply="true">${escapeXml(request.protocolVersion)}</w:Option></w:OptionSet>`
    );
  }
  if (request.action === 'connect') {
    return (
      '<w:OptionSet s:mustUnderstand="true">' +
      '<w:Option Name="protocolversion" MustComply="true">2.3</w:Option></w:OptionSet>'
    );
  }
  if (request.action === 'receive') {
    return '<w:OptionSet><w:Option Name="WSMAN_CMDSHELL_OPTION_KEEPALIVE">TRUE</w:Option></w:OptionSet>';
  }
  return '';
}

function requestBody(request: WsmanRequest): string {
  switch (request.action) {
    case 'create':
      if (request.creation === undefined) return commandShellElement(request);
      return (
        `<rsp:Shell ShellId="${escapeXml(request.shellId)}">` +
        (request.name === undefined ? '' : `<rsp:Name>${escapeXml(request.name)}</rsp:Name>`) +
        idleTimeout(request.idleTimeoutMs) +
        `<rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>` +
        `<creationXml xmlns="${namespaces.powershell}">${encodeBase64(request.creation)}</creationXml></rsp:Shell>`
      );
    case 'command':
      if (request.args === undefined) return commandLineElement(request);
      return (
        `<rsp:CommandLine CommandId="${escapeXml(request.commandId)}"><rsp:Command/>` +
        `<rsp:Arguments>${encodeBase64(request.args)}</rsp:Arguments></rsp:CommandLine>`
      );
    case 'send':
      return (
        `<rsp:Send><rsp:Stream Name="${escapeXml(request.stream)}"${commandId(request.commandId)}` +
        `${request.end === true ? ' End="true"' : ''}>${encodeBase64(request.data)}</rsp:Stream></rsp:Send>`
      );
    case 'receive':
      return (
        `<rsp:Receive><rsp:DesiredStream${commandId(request.commandId)}>${escapeXml(request.streams)}` +
        `</rsp:DesiredStream></rsp:Receive>`
      );
    case 'signal':
      return `<rsp:Signal${commandId(request.commandId)}><rsp:Code>${escapeXml(request.code)}</rsp:Code></rsp:Signal>`;
    case 'disconnect':
      return `<rsp:Disconnect>${idleTimeout(request.idleTimeoutMs)}</rsp:Disconnect>`;
    case 'connect':
      return `<rsp:Connect><connectXml xmlns="${namespaces.powershell}">${encodeBase64(request.connectXml)}</connectXml></rsp:Connect>`;
    case 'enumerate':
      return (
        `<n:Enumerate xmlns:n="${namespaces.enumeration}"><w:OptimizeEnumeration/>` +
        `<w:MaxElements>32000</w:MaxElements></n:Enumerate>`
      );
    case 'delete':
    case 'reconnect':
      return '';
  }
}

/**
 * Returns the size of an envelope of the action without its fragments, in bytes, for a header like this one. The
 * remaining bytes hold the fragments in base64.
 */
export function envelopeOverhead(
  action: 'create' | 'command' | 'send',
  shell: ShellReference & { readonly name?: string; readonly idleTimeoutMs?: number },
  header: RequestHeader,
): number {
  const id = '00000000-0000-0000-0000-000000000000';
  const empty = new Uint8Array();
  const request: RequestOf<'create' | 'command' | 'send'> =
    action === 'create'
      ? { action, ...shell, noProfile: true, protocolVersion: '2.3', creation: empty }
      : action === 'command'
        ? { action, ...shell, commandId: id, args: empty }
        : { action, ...shell, commandId: id, stream: 'stdin', data: empty };
  return Buffer.byteLength(requestEnvelope(request, header));
}
