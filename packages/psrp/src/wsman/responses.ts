import { formatDuration } from './duration.ts';
import { faultBody, type WsmanFault } from './fault.ts';
import {
  actionUris,
  anonymousAddress,
  commandStateUris,
  faultActionUri,
  namespaces,
  shellResourceUris,
} from './namespaces.ts';
import { encodeBase64, escapeXml } from './xml.ts';

/** Header of a response. */
export interface ResponseHeader {
  /** A GUID in upper case, new for each response. */
  readonly messageId: string;
  /** `wsa:MessageID` of the request, as received. */
  readonly relatesTo: string;
}

/** Description of a shell by its host. */
export interface ShellDescription {
  readonly shellId: string;
  readonly resourceUri: string;
  readonly name?: string;
  /** Account that owns the shell. */
  readonly owner: string;
  readonly clientAddress: string;
  readonly idleTimeoutMs: number;
  readonly state: 'Connected' | 'Disconnected';
  /** Age of the shell, in milliseconds. */
  readonly runTimeMs: number;
  /** Time since the last request to the shell, in milliseconds. */
  readonly inactivityMs: number;
}

/** Stream data in a Receive response. */
export interface StreamChunk {
  readonly stream: string;
  readonly commandId?: string;
  readonly data: Uint8Array;
  /** True for the last chunk of the stream. */
  readonly end?: boolean;
}

/** State of a command in a Receive response: running or done. */
export interface CommandState {
  readonly commandId: string;
  readonly done: boolean;
  readonly exitCode?: number;
}

/** Response, by action. */
export type WsmanResponse =
  | { readonly action: 'create'; readonly endpoint: string; readonly shell: ShellDescription }
  | { readonly action: 'command'; readonly commandId: string }
  | {
      readonly action: 'receive';
      readonly chunks: readonly StreamChunk[];
      readonly state?: CommandState;
    }
  | { readonly action: 'connect'; readonly connectXml: Uint8Array }
  | { readonly action: 'enumerate'; readonly shells: readonly ShellDescription[] }
  | { readonly action: 'send' }
  | { readonly action: 'signal' }
  | { readonly action: 'delete' }
  | { readonly action: 'disconnect' }
  | { readonly action: 'reconnect' };

/** Response to Identify. */
export interface Identity {
  readonly protocolVersion: string;
  readonly productVendor: string;
  /** For example `OS: 10.0.20348 SP: 0.0 Stack: 3.0`; the OS is 0.0.0 for unauthenticated clients. */
  readonly productVersion: string;
}

/** Writes a response as an envelope. */
export function responseEnvelope(response: WsmanResponse, header: ResponseHeader): string {
  return envelope(actionUris[response.action].response, header, responseBody(response));
}

/** Writes a fault as an envelope. `machine` is the name of the host. */
export function faultEnvelope(fault: WsmanFault, header: ResponseHeader, machine: string): string {
  return envelope(faultActionUri, header, faultBody(fault, machine));
}

/** Writes an IdentifyResponse. */
export function identifyResponseEnvelope(identity: Identity): string {
  return (
    `<s:Envelope xml:lang="en-US" xmlns:s="${namespaces.soap}"><s:Header/><s:Body>` +
    `<wsmid:IdentifyResponse xmlns:wsmid="${namespaces.identity}">` +
    `<wsmid:ProtocolVersion>${escapeXml(identity.protocolVersion)}</wsmid:ProtocolVersion>` +
    `<wsmid:ProductVendor>${escapeXml(identity.productVendor)}</wsmid:ProductVendor>` +
    `<wsmid:ProductVersion>${escapeXml(identity.productVersion)}</wsmid:ProductVersion>` +
    `</wsmid:IdentifyResponse></s:Body></s:Envelope>`
  );
}

function envelope(action: string, header: ResponseHeader, body: string): string {
  return (
    `<s:Envelope xml:lang="en-US" xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:x="${namespaces.transfer}" ` +
    `xmlns:w="${namespaces.wsman}" xmlns:rsp="${namespaces.shell}" xmlns:p="${namespaces.wsmanMicrosoft}"><s:Header>` +
    `<a:Action>${action}</a:Action><a:MessageID>uuid:${escapeXml(header.messageId)}</a:MessageID>` +
    `<a:To>${anonymousAddress}</a:To><a:RelatesTo>${escapeXml(header.relatesTo)}</a:RelatesTo></s:Header>` +
    `<s:Body>${body}</s:Body></s:Envelope>`
  );
}

function responseBody(response: WsmanResponse): string {
  switch (response.action) {
    case 'create':
      return resourceCreated(response.endpoint, response.shell) + shellElement(response.shell);
    case 'command':
      return `<rsp:CommandResponse><rsp:CommandId>${escapeXml(response.commandId)}</rsp:CommandId></rsp:CommandResponse>`;
    case 'receive':
      return (
        `<rsp:ReceiveResponse>${response.chunks.map(streamElement).join('')}` +
        `${response.state === undefined ? '' : stateElement(response.state)}</rsp:ReceiveResponse>`
      );
    case 'connect':
      return (
        `<rsp:ConnectResponse><connectResponseXml xmlns="${namespaces.powershell}">` +
        `${encodeBase64(response.connectXml)}</connectResponseXml></rsp:ConnectResponse>`
      );
    case 'enumerate':
      return (
        `<n:EnumerateResponse xmlns:n="${namespaces.enumeration}"><n:EnumerationContext/>` +
        `<w:Items>${response.shells.map(shellElement).join('')}</w:Items><w:EndOfSequence/></n:EnumerateResponse>`
      );
    case 'send':
      return '<rsp:SendResponse/>';
    case 'signal':
      return '<rsp:SignalResponse/>';
    case 'delete':
    case 'disconnect':
    case 'reconnect':
      return '';
  }
}

function resourceCreated(endpoint: string, shell: ShellDescription): string {
  return (
    `<x:ResourceCreated><a:Address>${escapeXml(endpoint)}</a:Address><a:ReferenceParameters>` +
    `<w:ResourceURI>${escapeXml(shell.resourceUri)}</w:ResourceURI><w:SelectorSet>` +
    `<w:Selector Name="ShellId">${escapeXml(shell.shellId)}</w:Selector></w:SelectorSet>` +
    `</a:ReferenceParameters></x:ResourceCreated>`
  );
}

function shellElement(shell: ShellDescription): string {
  return (
    `<rsp:Shell><rsp:ShellId>${escapeXml(shell.shellId)}</rsp:ShellId>` +
    (shell.name === undefined ? '' : `<rsp:Name>${escapeXml(shell.name)}</rsp:Name>`) +
    `<rsp:ResourceUri>${escapeXml(shell.resourceUri)}</rsp:ResourceUri>` +
    `<rsp:Owner>${escapeXml(shell.owner)}</rsp:Owner><rsp:ClientIP>${escapeXml(shell.clientAddress)}</rsp:ClientIP>` +
    `<rsp:IdleTimeOut>${formatDuration(shell.idleTimeoutMs)}</rsp:IdleTimeOut>` +
    streamNames(shell.resourceUri) +
    `<rsp:Locale>en-US</rsp:Locale><rsp:DataLocale>en-US</rsp:DataLocale><rsp:Encoding>UTF8</rsp:Encoding>` +
    `<rsp:BufferMode>Block</rsp:BufferMode><rsp:State>${shell.state}</rsp:State>` +
    `<rsp:ShellRunTime>${formatDuration(shell.runTimeMs)}</rsp:ShellRunTime>` +
    `<rsp:ShellInactivity>${formatDuration(shell.inactivityMs)}</rsp:ShellInactivity></rsp:Shell>`
  );
}

function streamNames(resourceUri: string): string {
  const [input, output] =
    resourceUri === shellResourceUris.commandShell ? ['stdin', 'stdout stderr'] : ['stdin pr', 'stdout'];
  return `<rsp:InputStreams>${input}</rsp:InputStreams><rsp:OutputStreams>${output}</rsp:OutputStreams>`;
}

function streamElement(chunk: StreamChunk): string {
  const command = chunk.commandId === undefined ? '' : ` CommandId="${escapeXml(chunk.commandId)}"`;
  const end = chunk.end === true ? ' End="true"' : '';
  return `<rsp:Stream Name="${escapeXml(chunk.stream)}"${command}${end}>${encodeBase64(chunk.data)}</rsp:Stream>`;
}

function stateElement(state: CommandState): string {
  const uri = state.done ? commandStateUris.done : commandStateUris.running;
  const exit = state.done ? `<rsp:ExitCode>${state.exitCode ?? 0}</rsp:ExitCode>` : '';
  return `<rsp:CommandState CommandId="${escapeXml(state.commandId)}" State="${uri}">${exit}</rsp:CommandState>`;
}
