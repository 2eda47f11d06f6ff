/** XML namespaces of WS-Management and its Windows shell extension (MS-WSMV 2.2.1). */
export const NS = {
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
export const ANONYMOUS = `${NS.addressing}/role/anonymous`;

/** Resource URIs of the shells: the PowerShell endpoints by their configuration names, WinRS, and the list of all shells. */
export const RESOURCE_URIS = {
  windowsPowerShell: `${NS.powershell}/Microsoft.PowerShell`,
  powerShell7: `${NS.powershell}/PowerShell.7`,
  commandShell: `${NS.shell}/cmd`,
  shells: NS.shell,
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
export const ACTIONS = {
  create: { request: `${NS.transfer}/Create`, response: `${NS.transfer}/CreateResponse` },
  delete: { request: `${NS.transfer}/Delete`, response: `${NS.transfer}/DeleteResponse` },
  command: { request: `${NS.shell}/Command`, response: `${NS.shell}/CommandResponse` },
  send: { request: `${NS.shell}/Send`, response: `${NS.shell}/SendResponse` },
  receive: { request: `${NS.shell}/Receive`, response: `${NS.shell}/ReceiveResponse` },
  signal: { request: `${NS.shell}/Signal`, response: `${NS.shell}/SignalResponse` },
  disconnect: { request: `${NS.shell}/Disconnect`, response: `${NS.shell}/DisconnectResponse` },
  reconnect: { request: `${NS.shell}/Reconnect`, response: `${NS.shell}/ReconnectResponse` },
  connect: { request: `${NS.shell}/Connect`, response: `${NS.shell}/ConnectResponse` },
  enumerate: { request: `${NS.enumeration}/Enumerate`, response: `${NS.enumeration}/EnumerateResponse` },
} as const satisfies Record<ActionName, ActionDescriptor>;

const byRequestUri = new Map<string, ActionName>(
  (Object.keys(ACTIONS) as ActionName[]).map((name) => [ACTIONS[name].request, name]),
);

/** The operation that a request's `wsa:Action` names, or undefined for one this package does not speak. */
export function actionOf(requestUri: string): ActionName | undefined {
  return byRequestUri.get(requestUri);
}

/** `wsa:Action` of fault messages: WS-Management's own and WS-Addressing's. */
export const FAULT_ACTION = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/fault';

/**
 * What a Signal may ask of a command (MS-WSMV 2.2.4.38). The misspelling in `crtl_c` is the protocol's; the others are of
 * WinRS.
 */
export const SIGNALS = {
  interrupt: `${NS.powershell}/signal/crtl_c`,
  ctrlC: `${NS.shell}/signal/ctrl_c`,
  ctrlBreak: `${NS.shell}/signal/ctrl_break`,
  terminate: `${NS.shell}/signal/terminate`,
} as const;

/** `State` of `rsp:CommandState` in Receive answers. */
export const COMMAND_STATES = {
  running: `${NS.shell}/CommandState/Running`,
  done: `${NS.shell}/CommandState/Done`,
} as const;
