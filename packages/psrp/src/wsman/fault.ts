import { wsmanFaults, type FaultDescriptor, type FaultName } from './fault-codes.ts';
import { namespaces } from './namespaces.ts';
import { codeOfSubcode } from './subcodes.ts';
import { escapeXml, type XmlElement } from './xml.ts';

const names = new Map<number, FaultName>(
  (Object.keys(wsmanFaults) as FaultName[]).map((name) => [wsmanFaults[name].code, name]),
);

const quotaCodes: ReadonlySet<number> = new Set(
  Object.values(wsmanFaults)
    .filter((fault) => fault.subcode === 'QuotaLimit')
    .map((fault) => fault.code),
);

const endpointCodes: ReadonlySet<number> = new Set([
  wsmanFaults.resourceNotFound.code,
  wsmanFaults.invalidUri.code,
  wsmanFaults.invalidResourceUri.code,
]);

/** Parsed SOAP fault. Branch on `code` or the predicates, never on the texts, which are in the host's language. */
export class WsmanFault {
  /** `f:WSManFault/@Code` as an unsigned number; if absent, the code of the subcode, or 0. */
  readonly code: number;
  /** Local name of the innermost subcode, for example `TimedOut`. */
  readonly subcode: string;
  /** Text for display, in the host's language. */
  readonly reason: string;
  /** Longer text in the detail; undefined if there is none. */
  readonly detail: string | undefined;

  /** Creates a fault. */
  constructor(parts: { code: number; subcode: string; reason: string; detail?: string | undefined }) {
    this.code = parts.code;
    this.subcode = parts.subcode;
    this.reason = parts.reason;
    this.detail = parts.detail;
  }

  /** Creates a fault by name, with an optional detail. */
  static of(name: FaultName, detail?: string): WsmanFault {
    const { code, subcode, reason } = wsmanFaults[name];
    return new WsmanFault({ code, subcode, reason, detail });
  }

  /** Name of the code; undefined if this package has none for it. */
  get known(): FaultName | undefined {
    return names.get(this.code);
  }

  /** True if a Receive had no output within OperationTimeout: send it again. */
  get isTimedOut(): boolean {
    return this.code === wsmanFaults.timedOut.code;
  }

  /** True if the shell or command does not exist. */
  get isShellNotFound(): boolean {
    return this.code === wsmanFaults.shellNotFound.code;
  }

  /** True if the account lacks permission. */
  get isAccessDenied(): boolean {
    return this.code === wsmanFaults.accessDenied.code;
  }

  /** True if a quota on shells, users, operations or commands is exhausted. */
  get isQuota(): boolean {
    return quotaCodes.has(this.code);
  }

  /** True if the message is too long for the host. Windows responds with HTTP status 413 instead of this fault. */
  get isTooLarge(): boolean {
    return this.code === wsmanFaults.encodingLimit.code;
  }

  /** True if the host has no endpoint with the resource URI. */
  get isUnknownEndpoint(): boolean {
    return endpointCodes.has(this.code);
  }
}

/** Reads the `s:Fault` element of an envelope body. */
export function readFault(element: XmlElement): WsmanFault {
  let code = element.child(namespaces.soap, 'Code');
  let value = '';
  while (code !== undefined) {
    value = code.textOf(namespaces.soap, 'Value') ?? value;
    code = code.child(namespaces.soap, 'Subcode');
  }
  const detail = element.child(namespaces.soap, 'Detail')?.child(namespaces.wsmanFault, 'WSManFault');
  const number = Number(detail?.attributes.get('Code') ?? 0);
  const given = Number.isSafeInteger(number) ? number >>> 0 : 0;
  const subcode = value.slice(value.indexOf(':') + 1);
  return new WsmanFault({
    code: given === 0 ? codeOfSubcode(subcode) : given,
    subcode,
    reason: element.child(namespaces.soap, 'Reason')?.textOf(namespaces.soap, 'Text') ?? '',
    detail: detail === undefined ? undefined : deepText(detail).trim() || undefined,
  });
}

/** Writes the body of a fault message. `machine` is the name of the host. */
export function faultBody(fault: WsmanFault, machine: string): string {
  const known: FaultDescriptor | undefined = fault.known === undefined ? undefined : wsmanFaults[fault.known];
  const prefix = known?.addressing === true ? 'a' : 'w';
  return (
    `<s:Fault><s:Code><s:Value>s:${known?.role ?? 'Receiver'}</s:Value><s:Subcode><s:Value>${prefix}:` +
    `${escapeXml(fault.subcode)}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">` +
    `${escapeXml(fault.reason)}</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="${namespaces.wsmanFault}" ` +
    `Code="${fault.code}" Machine="${escapeXml(machine)}"><f:Message>${escapeXml(fault.detail ?? fault.reason)}` +
    `</f:Message></f:WSManFault></s:Detail></s:Fault>`
  );
}

/** Returns the text of an element and its descendants: providers nest their message in their own elements. */
function deepText(element: XmlElement): string {
  return element.text + element.children.map(deepText).join('');
}
