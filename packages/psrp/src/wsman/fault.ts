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

/** A SOAP fault, read once. Decide by `code` or the predicates: the texts are in the host's language. */
export class WsmanFault {
  /** `f:WSManFault/@Code` as an unsigned number; without one the code that the subcode stands for, or 0. */
  readonly code: number;
  /** Local name of the innermost subcode, for instance `TimedOut`. */
  readonly subcode: string;
  /** Text for people, in the host's language. */
  readonly reason: string;
  /** The longer text in the detail, where there is one. */
  readonly detail: string | undefined;

  /** A fault of these parts. */
  constructor(parts: { code: number; subcode: string; reason: string; detail?: string | undefined }) {
    this.code = parts.code;
    this.subcode = parts.subcode;
    this.reason = parts.reason;
    this.detail = parts.detail;
  }

  /** The fault of a name, with a detail to add. */
  static of(name: FaultName, detail?: string): WsmanFault {
    const { code, subcode, reason } = wsmanFaults[name];
    return new WsmanFault({ code, subcode, reason, detail });
  }

  /** The name of the code, or undefined for one that has none here. */
  get known(): FaultName | undefined {
    return names.get(this.code);
  }

  /** A Receive had nothing to say within OperationTimeout: ask again. */
  get isTimedOut(): boolean {
    return this.code === wsmanFaults.timedOut.code;
  }

  /** The shell or the command is gone. */
  get isShellNotFound(): boolean {
    return this.code === wsmanFaults.shellNotFound.code;
  }

  /** The account may not do this. */
  get isAccessDenied(): boolean {
    return this.code === wsmanFaults.accessDenied.code;
  }

  /** One of the quotas on shells, users, operations or commands is used up. */
  get isQuota(): boolean {
    return quotaCodes.has(this.code);
  }

  /** The message is longer than the host takes. Windows says so by HTTP status 413 rather than by this fault. */
  get isTooLarge(): boolean {
    return this.code === wsmanFaults.encodingLimit.code;
  }

  /** The resource URI names no endpoint of this host. */
  get isUnknownEndpoint(): boolean {
    return endpointCodes.has(this.code);
  }
}

/** Reads the `s:Fault` element of an envelope's body. */
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

/** The body of a fault message. `machine` is the name the host calls itself by. */
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

/** Providers nest their message in elements of their own. */
function deepText(element: XmlElement): string {
  return element.text + element.children.map(deepText).join('');
}
