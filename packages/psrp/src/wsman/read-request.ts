import { parseDuration } from './duration.ts';
import { actionOf, namespaces, shellResourceUris, type ActionName } from './namespaces.ts';
import type { ShellReference } from './request-parts.ts';
import type { CreateRequest, WsmanRequest } from './requests.ts';
import type { CreateCommandShellRequest, RunCommandRequest } from './winrs-requests.ts';
import { bodyOf, decodeBase64, EnvelopeError, parseXml, type XmlElement, type XmlLimits } from './xml.ts';

/** Header of a received request. */
export interface ReceivedHeader {
  /** `wsa:MessageID` as sent, including the prefix `uuid:`; empty if it is missing. */
  readonly messageId: string;
  /** `p:SessionId` as sent; empty if it is missing. */
  readonly sessionId: string;
  /** Milliseconds; undefined if the client leaves it to the server. */
  readonly operationTimeoutMs: number | undefined;
  /** Bytes; undefined if the client leaves it to the server. */
  readonly maxEnvelopeSize: number | undefined;
  readonly resourceUri: string;
  /** Options by name. */
  readonly options: ReadonlyMap<string, string>;
}

/** Message from a client. */
export type ReceivedMessage =
  | { readonly kind: 'identify' }
  | { readonly kind: 'unknown'; readonly action: string; readonly header: ReceivedHeader }
  | { readonly kind: 'request'; readonly request: WsmanRequest; readonly header: ReceivedHeader };

/**
 * Reads an envelope from a client.
 *
 * @throws {EnvelopeError} if the text is not a valid request envelope, or exceeds a limit.
 */
export function readRequest(text: string, limits?: XmlLimits): ReceivedMessage {
  const envelope = parseXml(text, limits);
  if (envelope.name !== 'Envelope' || envelope.ns !== namespaces.soap)
    throw new EnvelopeError('not a SOAP 1.2 envelope');
  const body = bodyOf(envelope);
  if (body?.name === 'Identify' && body.ns === namespaces.identity) return { kind: 'identify' };
  const head = envelope.need(namespaces.soap, 'Header');
  const header = readHeader(head);
  const uri = head.textOf(namespaces.addressing, 'Action') ?? '';
  const action = actionOf(uri);
  if (action === undefined) return { kind: 'unknown', action: uri, header };
  return { kind: 'request', header, request: readBody(action, head, body, header) };
}

function readHeader(head: XmlElement): ReceivedHeader {
  const timeout = head.textOf(namespaces.wsman, 'OperationTimeout');
  const size = Number(head.textOf(namespaces.wsman, 'MaxEnvelopeSize') ?? NaN);
  const options = head.child(namespaces.wsman, 'OptionSet')?.all(namespaces.wsman, 'Option') ?? [];
  return {
    messageId: head.textOf(namespaces.addressing, 'MessageID') ?? '',
    sessionId: head.textOf(namespaces.wsmanMicrosoft, 'SessionId') ?? '',
    operationTimeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
    maxEnvelopeSize: Number.isSafeInteger(size) && size > 0 ? size : undefined,
    resourceUri: head.textOf(namespaces.wsman, 'ResourceURI') ?? '',
    options: new Map(options.map((option) => [option.attribute('Name'), option.text.trim()])),
  };
}

function readBody(
  action: ActionName,
  head: XmlElement,
  body: XmlElement | undefined,
  header: ReceivedHeader,
): WsmanRequest {
  if (action === 'enumerate') return { action };
  const isCommandShell = header.resourceUri === shellResourceUris.commandShell;
  if (action === 'create') {
    return (isCommandShell ? readCreateCommandShell : readCreate)(need(body, 'Shell'), header);
  }
  const shell: ShellReference = { resourceUri: header.resourceUri, shellId: selectedShell(head) };
  switch (action) {
    case 'delete':
    case 'reconnect':
      return { action, ...shell };
    case 'disconnect':
      return { action, ...shell, ...readIdleTimeout(body) };
    case 'connect': {
      const connectXml = need(body, 'Connect').textOf(namespaces.powershell, 'connectXml') ?? '';
      return { action, ...shell, connectXml: decodeBase64(connectXml) };
    }
    case 'command': {
      const line = need(body, 'CommandLine');
      if (isCommandShell) return { ...shell, ...readCommandLine(line, header) };
      const args = line.all(namespaces.shell, 'Arguments');
      if (args.length !== 1) throw new EnvelopeError('CommandLine needs exactly one Arguments');
      return {
        action,
        ...shell,
        commandId: line.attribute('CommandId'),
        args: decodeBase64(args[0]?.text ?? ''),
      };
    }
    case 'send': {
      const stream = need(body, 'Send').need(namespaces.shell, 'Stream');
      return {
        action,
        ...shell,
        ...optionalCommand(stream),
        stream: stream.attribute('Name'),
        data: decodeBase64(stream.text),
        ...(isTrue(stream.attributes.get('End')) ? { end: true } : {}),
      };
    }
    case 'receive': {
      const stream = need(body, 'Receive').need(namespaces.shell, 'DesiredStream');
      return { action, ...shell, ...optionalCommand(stream), streams: stream.text.trim() };
    }
    case 'signal': {
      const signal = need(body, 'Signal');
      return {
        action,
        ...shell,
        commandId: signal.attribute('CommandId'),
        code: signal.textOf(namespaces.shell, 'Code') ?? '',
      };
    }
  }
}

function readCreate(shell: XmlElement, header: ReceivedHeader): CreateRequest {
  const name = shell.attributes.get('Name') ?? shell.textOf(namespaces.shell, 'Name');
  return {
    action: 'create',
    resourceUri: header.resourceUri,
    shellId: shell.attribute('ShellId'),
    ...(name === undefined ? {} : { name }),
    ...readIdleTimeout(shell),
    noProfile: isTrue(header.options.get('WINRS_NOPROFILE')),
    protocolVersion: header.options.get('protocolversion') ?? '',
    creation: decodeBase64(shell.need(namespaces.powershell, 'creationXml').text),
  };
}

function readCreateCommandShell(shell: XmlElement, header: ReceivedHeader): CreateCommandShellRequest {
  const name = shell.textOf(namespaces.shell, 'Name');
  const shellId = shell.attributes.get('ShellId');
  const workingDirectory = shell.textOf(namespaces.shell, 'WorkingDirectory');
  const codePage = Number(header.options.get('WINRS_CODEPAGE') ?? NaN);
  const variables = shell.child(namespaces.shell, 'Environment')?.all(namespaces.shell, 'Variable') ?? [];
  return {
    action: 'create',
    resourceUri: header.resourceUri,
    ...(shellId === undefined ? {} : { shellId }),
    ...(name === undefined ? {} : { name }),
    ...readIdleTimeout(shell),
    noProfile: isTrue(header.options.get('WINRS_NOPROFILE')),
    ...(Number.isSafeInteger(codePage) ? { codePage } : {}),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    environment: new Map(variables.map((variable) => [variable.attribute('Name'), variable.text])),
  };
}

function readCommandLine(
  line: XmlElement,
  header: ReceivedHeader,
): Omit<RunCommandRequest, keyof ShellReference> {
  return {
    action: 'command',
    ...optionalCommand(line),
    command: line.need(namespaces.shell, 'Command').text,
    commandArguments: line.all(namespaces.shell, 'Arguments').map((argument) => argument.text),
    consoleInput: isTrue(header.options.get('WINRS_CONSOLEMODE_STDIN')),
    skipShell: isTrue(header.options.get('WINRS_SKIP_CMD_SHELL')),
  };
}

/**
 * Returns whether a text is true, as Windows writes options (`TRUE`) and XML Schema writes attributes (`true`, `1`).
 */
function isTrue(text: string | undefined): boolean {
  return /^(true|1)$/i.test(text ?? '');
}

function readIdleTimeout(element: XmlElement | undefined): { idleTimeoutMs?: number } {
  const text = element?.textOf(namespaces.shell, 'IdleTimeOut');
  return text === undefined ? {} : { idleTimeoutMs: parseDuration(text) };
}

function optionalCommand(stream: XmlElement): { commandId?: string } {
  const commandId = stream.attributes.get('CommandId');
  return commandId === undefined ? {} : { commandId };
}

function selectedShell(head: XmlElement): string {
  const set = head.child(namespaces.wsman, 'SelectorSet')?.all(namespaces.wsman, 'Selector') ?? [];
  const selector = set.find((candidate) => candidate.attributes.get('Name') === 'ShellId');
  if (selector === undefined) throw new EnvelopeError('the request selects no shell');
  return selector.text.trim();
}

function need(body: XmlElement | undefined, name: string): XmlElement {
  if (body?.name !== name || body.ns !== namespaces.shell) throw new EnvelopeError(`the body lacks ${name}`);
  return body;
}
