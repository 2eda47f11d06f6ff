import { parseDuration } from './duration.ts';
import { readFault, type WsmanFault } from './fault.ts';
import { actionUris, commandStateUris, namespaces, type ActionName } from './namespaces.ts';
import type { CommandState, Identity, ShellDescription, StreamChunk, WsmanResponse } from './responses.ts';
import { bodyOf, decodeBase64, EnvelopeError, parseXml, type XmlElement, type XmlLimits } from './xml.ts';

/** Response to a request of one action. */
export type ResponseOf<A extends ActionName> = Extract<WsmanResponse, { action: A }>;

/** Result of reading a response: the response itself, or a fault of the host. */
export type Answer<T> =
  | { readonly ok: true; readonly response: T; readonly relatesTo: string }
  | { readonly ok: false; readonly fault: WsmanFault; readonly relatesTo: string };

const responseReaders: {
  readonly [A in ActionName]: (envelope: XmlElement, body: XmlElement | undefined) => ResponseOf<A>;
} = {
  create: readCreated,
  command: (_, body) => ({
    action: 'command',
    commandId: need(body, namespaces.shell, 'CommandResponse').textOf(namespaces.shell, 'CommandId') ?? '',
  }),
  receive: (_, body) => readReceived(need(body, namespaces.shell, 'ReceiveResponse')),
  connect: (_, body) => ({
    action: 'connect',
    connectXml: decodeBase64(
      need(body, namespaces.shell, 'ConnectResponse').textOf(namespaces.powershell, 'connectResponseXml') ??
        '',
    ),
  }),
  enumerate: (_, body) => ({
    action: 'enumerate',
    shells:
      need(body, namespaces.enumeration, 'EnumerateResponse')
        .child(namespaces.wsman, 'Items')
        ?.all(namespaces.shell, 'Shell')
        .map(readShell) ?? [],
  }),
  send: () => ({ action: 'send' }),
  signal: () => ({ action: 'signal' }),
  delete: () => ({ action: 'delete' }),
  disconnect: () => ({ action: 'disconnect' }),
  reconnect: () => ({ action: 'reconnect' }),
};

/**
 * Reads the response to a request of this action, or a fault.
 *
 * @throws {EnvelopeError} if the text is neither.
 */
export function readResponse<A extends ActionName>(
  action: A,
  text: string,
  limits?: XmlLimits,
): Answer<ResponseOf<A>> {
  const envelope = parseEnvelope(text, limits);
  const body = bodyOf(envelope);
  const header = envelope.child(namespaces.soap, 'Header');
  const relatesTo = header?.textOf(namespaces.addressing, 'RelatesTo') ?? '';
  if (body?.name === 'Fault' && body.ns === namespaces.soap)
    return { ok: false, fault: readFault(body), relatesTo };
  if (header?.textOf(namespaces.addressing, 'Action') !== actionUris[action].response) {
    throw new EnvelopeError(`this is not a response to ${action}`);
  }
  return { ok: true, response: responseReaders[action](envelope, body), relatesTo };
}

/**
 * Reads the response to Identify.
 *
 * @throws {EnvelopeError} if the text is not such a response.
 */
export function readIdentity(text: string, limits?: XmlLimits): Identity {
  const body = need(bodyOf(parseEnvelope(text, limits)), namespaces.identity, 'IdentifyResponse');
  return {
    protocolVersion: body.textOf(namespaces.identity, 'ProtocolVersion') ?? '',
    productVendor: body.textOf(namespaces.identity, 'ProductVendor') ?? '',
    productVersion: body.textOf(namespaces.identity, 'ProductVersion') ?? '',
  };
}

/** Reads the fault in an envelope. Returns undefined for any other text. */
export function tryReadFault(text: string, limits?: XmlLimits): WsmanFault | undefined {
  try {
    const body = bodyOf(parseEnvelope(text, limits));
    return body?.name === 'Fault' && body.ns === namespaces.soap ? readFault(body) : undefined;
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
}

function parseEnvelope(text: string, limits: XmlLimits | undefined): XmlElement {
  const envelope = parseXml(text, limits);
  if (envelope.name !== 'Envelope' || envelope.ns !== namespaces.soap)
    throw new EnvelopeError('not a SOAP 1.2 envelope');
  return envelope;
}

/** Reads CreateResponse. Windows adds the shell after `ResourceCreated`; the standard requires only the latter. */
function readCreated(envelope: XmlElement): ResponseOf<'create'> {
  const body = envelope.need(namespaces.soap, 'Body');
  const created = body.need(namespaces.transfer, 'ResourceCreated');
  const parameters = created.need(namespaces.addressing, 'ReferenceParameters');
  const selectors =
    parameters.child(namespaces.wsman, 'SelectorSet')?.all(namespaces.wsman, 'Selector') ?? [];
  const shellId = selectors
    .find((selector) => selector.attributes.get('Name')?.toLowerCase() === 'shellid')
    ?.text.trim();
  const described = body.child(namespaces.shell, 'Shell');
  const shell = described === undefined ? emptyShell : readShell(described);
  if (shellId === undefined && shell.shellId === '') throw new EnvelopeError('the response names no shell');
  return {
    action: 'create',
    endpoint: created.textOf(namespaces.addressing, 'Address') ?? '',
    shell: { ...shell, shellId: shellId ?? shell.shellId },
  };
}

const emptyShell: ShellDescription = {
  shellId: '',
  resourceUri: '',
  owner: '',
  clientAddress: '',
  idleTimeoutMs: 0,
  state: 'Connected',
  runTimeMs: 0,
  inactivityMs: 0,
};

function readShell(element: XmlElement): ShellDescription {
  const name = element.textOf(namespaces.shell, 'Name');
  const duration = (child: string): number =>
    parseDuration(element.textOf(namespaces.shell, child) ?? 'PT0S');
  return {
    shellId: element.textOf(namespaces.shell, 'ShellId') ?? '',
    resourceUri: element.textOf(namespaces.shell, 'ResourceUri') ?? '',
    ...(name === undefined ? {} : { name }),
    owner: element.textOf(namespaces.shell, 'Owner') ?? '',
    clientAddress: element.textOf(namespaces.shell, 'ClientIP') ?? '',
    idleTimeoutMs: duration('IdleTimeOut'),
    state: element.textOf(namespaces.shell, 'State') === 'Disconnected' ? 'Disconnected' : 'Connected',
    runTimeMs: duration('ShellRunTime'),
    inactivityMs: duration('ShellInactivity'),
  };
}

function readReceived(element: XmlElement): ResponseOf<'receive'> {
  const chunks: StreamChunk[] = [];
  for (const stream of element.all(namespaces.shell, 'Stream')) {
    const commandId = stream.attributes.get('CommandId');
    chunks.push({
      stream: stream.attribute('Name'),
      ...(commandId === undefined ? {} : { commandId }),
      data: decodeBase64(stream.text),
      ...(/^(true|1)$/i.test(stream.attributes.get('End') ?? '') ? { end: true } : {}),
    });
  }
  const state = element.child(namespaces.shell, 'CommandState');
  return { action: 'receive', chunks, ...(state === undefined ? {} : { state: readState(state) }) };
}

function readState(element: XmlElement): CommandState {
  const exitCode = element.textOf(namespaces.shell, 'ExitCode');
  return {
    commandId: element.attributes.get('CommandId') ?? '',
    done: element.attributes.get('State') === commandStateUris.done,
    ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
  };
}

function need(body: XmlElement | undefined, ns: string, name: string): XmlElement {
  if (body?.name !== name || body.ns !== ns) throw new EnvelopeError(`the body lacks ${name}`);
  return body;
}
