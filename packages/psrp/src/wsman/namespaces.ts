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

/** The anonymous address: "answer on this connection" (WS-Addressing 2004/08). */
export const anonymousAddress = `${namespaces.addressing}/role/anonymous`;

/** Resource URIs of the shells: the PowerShell endpoints by their configuration names, WinRS, and the list of all shells. */
export const shellResourceUris = {
  windowsPowerShell: `${namespaces.powershell}/Microsoft.PowerShell`,
  powerShell7: `${namespaces.powershell}/PowerShell.7`,
  commandShell: `${namespaces.shell}/cmd`,
  shells: namespaces.shell,
} as const;

/** The operations of this package, by the names used in its code, in requests observed and in counters. */
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
  /** `wsa:Action` of the answer. */
  readonly response: string;
}

/** Action URIs (MS-WSMV 3.1.4). Identify is not among them: it is a message without addressing headers. */
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

/** The operation that a request's `wsa:Action` names, or undefined for one this package does not speak. */
export function actionOf(requestUri: string): ActionName | undefined {
  return byRequestUri.get(requestUri);
}

/** `wsa:Action` of fault messages: WS-Management's own and WS-Addressing's. */
export const faultActionUri = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/fault';

/**
 * What a Signal may ask of a command (MS-WSMV 2.2.4.38). The misspelling in `crtl_c` is the protocol's; the others are of
 * WinRS.
 */
export const signalUris = {
  interrupt: `${namespaces.powershell}/signal/crtl_c`,
  ctrlC: `${namespaces.shell}/signal/ctrl_c`,
  ctrlBreak: `${namespaces.shell}/signal/ctrl_break`,
  terminate: `${namespaces.shell}/signal/terminate`,
} as const;

/** `State` of `rsp:CommandState` in Receive answers. */
export const commandStateUris = {
  running: `${namespaces.shell}/CommandState/Running`,
  done: `${namespaces.shell}/CommandState/Done`,
} as const;
