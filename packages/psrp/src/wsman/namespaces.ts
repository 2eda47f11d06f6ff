/** XML namespaces of WS-Management and its Windows shell extension (MS-WSMV 2.2.1). */
export const namespaces = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  transfer: 'http://schemas.xmlsoap.org/ws/2004/09/transfer',
  enumeration: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration',
  wsman: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  wsmanMicrosoft: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  wsmanFault: 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault',
  identity: 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd',
  shell: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
  powershell: 'http://schemas.microsoft.com/powershell',
  xml: 'http://www.w3.org/XML/1998/namespace',
} as const;

/** Anonymous address: the response goes to the same connection (WS-Addressing 2004/08). */
export const anonymousAddress = `${namespaces.addressing}/role/anonymous`;

/**
 * Resource URIs of shells: the PowerShell endpoints by their configuration names, WinRS, and the list of all shells.
 */
export const shellResourceUris = {
  windowsPowerShell: `${namespaces.powershell}/Microsoft.PowerShell`,
  powerShell7: `${namespaces.powershell}/PowerShell.7`,
  commandShell: `${namespaces.shell}/cmd`,
  shells: namespaces.shell,
} as const;

/** Name of an operation in this package: in requests, observations and counters. */
export type ActionName =
  | 'create'
  | 'command'
  | 'send'
  | 'receive'
  | 'signal'
  | 'delete'
  | 'disconnect'
  | 'reconnect'
  | 'connect'
  | 'enumerate';

interface ActionDescriptor {
  /** `wsa:Action` of the request. */
  readonly request: string;
  /** `wsa:Action` of the response. */
  readonly response: string;
}

/** Action URIs (MS-WSMV 3.1.4). Identify has none: it is a message without addressing headers. */
export const actionUris = {
  create: { request: `${namespaces.transfer}/Create`, response: `${namespaces.transfer}/CreateResponse` },
  delete: { request: `${namespaces.transfer}/Delete`, response: `${namespaces.transfer}/DeleteResponse` },
  command: { request: `${namespaces.shell}/Command`, response: `${namespaces.shell}/CommandResponse` },
  send: { request: `${namespaces.shell}/Send`, response: `${namespaces.shell}/SendResponse` },
  receive: { request: `${namespaces.shell}/Receive`, response: `${namespaces.shell}/ReceiveResponse` },
  signal: { request: `${namespaces.shell}/Signal`, response: `${namespaces.shell}/SignalResponse` },
  disconnect: {
    request: `${namespaces.shell}/Disconnect`,
    response: `${namespaces.shell}/DisconnectResponse`,
  },
  reconnect: { request: `${namespaces.shell}/Reconnect`, response: `${namespaces.shell}/ReconnectResponse` },
  connect: { request: `${namespaces.shell}/Connect`, response: `${namespaces.shell}/ConnectResponse` },
  enumerate: {
    request: `${namespaces.enumeration}/Enumerate`,
    response: `${namespaces.enumeration}/EnumerateResponse`,
  },
} as const satisfies Record<ActionName, ActionDescriptor>;

const byRequestUri = new Map<string, ActionName>(
  (Object.keys(actionUris) as ActionName[]).map((name) => [actionUris[name].request, name]),
);

/** Returns the operation of a request's `wsa:Action`; undefined if this package does not support it. */
export function actionOf(requestUri: string): ActionName | undefined {
  return byRequestUri.get(requestUri);
}

/** `wsa:Action` of fault messages, both of WS-Management and of WS-Addressing. */
export const faultActionUri = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/fault';

/**
 * Signal codes (MS-WSMV 2.2.4.38). `interrupt` is PSRP's Ctrl+C: the misspelling `crtl_c` is part of the protocol. The
 * other codes are from WinRS.
 */
export const signalUris = {
  interrupt: `${namespaces.powershell}/signal/crtl_c`,
  ctrlC: `${namespaces.shell}/signal/ctrl_c`,
  ctrlBreak: `${namespaces.shell}/signal/ctrl_break`,
  terminate: `${namespaces.shell}/signal/terminate`,
} as const;

/** `State` of `rsp:CommandState` in Receive responses. */
export const commandStateUris = {
  running: `${namespaces.shell}/CommandState/Running`,
  done: `${namespaces.shell}/CommandState/Done`,
} as const;
