import { randomUUID } from 'node:crypto';
import {
  signalUris,
  type CommandRequest,
  type CreateCommandShellRequest,
  type CreateRequest,
  type FaultName,
  type RunCommandRequest,
} from '../wsman/index.ts';
import { ByteOutput } from './byte-output.ts';
import type { CommandShellBackend } from './command-shell.ts';
import { FragmentOutput } from './fragment-output.ts';
import type { OutputQueue } from './output-queue.ts';
import { endpointQuotaRules, type EndpointQuotas } from './quotas.ts';
import { FaultReply } from './reply.ts';
import type { BackendCommand, BackendShell, InputStream, ShellBackend } from './shell-backend.ts';
import type { StoredOutput } from './stored-output.ts';

/** Request that creates a shell. */
export type AnyCreate = CreateRequest | CreateCommandShellRequest;
/** Request that starts a command in a shell. */
export type AnyCommand = CommandRequest | RunCommandRequest;

/** Open shell of either kind, as seen by its session. */
export interface ServedShell {
  command(request: AnyCommand, commandId: string, output: OutputQueue): Promise<BackendCommand>;
  send(stream: InputStream, data: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Parameters of opening a shell. */
interface EndpointOpening {
  readonly shellId: string;
  readonly principal: string;
  readonly output: OutputQueue;
}

/** Properties and operations in which the two kinds of shells differ. */
export interface Endpoint {
  /** Output streams of a command. If there are several, their ends are reported. */
  readonly outputStreams: readonly string[];
  /** Creates the output store of a new command. */
  readonly storeOutput: () => StoredOutput;
  /** Signal codes that interrupt a command; all others end it. */
  readonly interrupts: ReadonlySet<string>;
  /** True if clients can disconnect and reconnect, and lose the shell after a time without requests. */
  readonly canDisconnect: boolean;
  readonly quotas: EndpointQuotas;
  readonly quotaFaults: Readonly<Record<keyof EndpointQuotas, FaultName>>;
  /** True if a command counts towards the quota until it is signalled to terminate, not until it ends. */
  readonly countsEndedCommands: boolean;
  /**
   * Returns the id of the shell that a request creates, in upper case.
   *
   * @throws {FaultReply} if the request is invalid for this endpoint.
   */
  admit(request: AnyCreate): string;
  open(request: AnyCreate, opening: EndpointOpening): Promise<ServedShell>;
}

const guidPattern = /^[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}$/;

/** Supported PSRP versions, up to 2.3. A client that requires a later version is refused. */
const protocolVersionPattern = /^2\.[0-3]$/;

/** Creates the endpoint of runspace pools: the client chooses the shell id, and its bytes are fragments. */
export function psrpEndpoint(backend: ShellBackend, quotas: Partial<EndpointQuotas> = {}): Endpoint {
  return {
    outputStreams: ['stdout'],
    storeOutput: () => new FragmentOutput({ answerPerWrite: false }),
    // Anything but Ctrl+C closes the command (MS-PSRP 3.1.5.3.10).
    interrupts: new Set([signalUris.interrupt]),
    canDisconnect: true,
    quotas: { ...endpointQuotaRules.powerShell.limits, ...quotas },
    quotaFaults: endpointQuotaRules.powerShell.faults,
    countsEndedCommands: true,
    admit: (request) => {
      const { shellId, protocolVersion } = psrpCreate(request);
      if (!protocolVersionPattern.test(protocolVersion)) throw new FaultReply('invalidOptions');
      return guid(shellId);
    },
    open: async (request, { shellId, principal, output }) => {
      const { resourceUri, name, creation } = psrpCreate(request);
      const named = name === undefined ? {} : { name };
      const sink = output.sink('stdout');
      return servedPool(
        await backend.open({ shellId, resourceUri, ...named, principal, creation, output: sink }),
      );
    },
  };
}

function servedPool(shell: BackendShell): ServedShell {
  return {
    command: (request, commandId, output) => {
      if (request.args === undefined) throw new FaultReply('schemaValidation');
      return shell.command({ commandId, args: request.args, output: output.sink('stdout') });
    },
    send: (stream, data) => shell.send(stream, data),
    close: () => shell.close(),
  };
}

/** Creates the endpoint of WinRS: the host chooses the shell id, there are two output streams, and input has an end. */
export function commandEndpoint(
  backend: CommandShellBackend,
  quotas: Partial<EndpointQuotas> = {},
): Endpoint {
  return {
    outputStreams: ['stdout', 'stderr'],
    storeOutput: () => new ByteOutput(),
    interrupts: new Set([signalUris.ctrlC, signalUris.ctrlBreak]),
    canDisconnect: false,
    quotas: { ...endpointQuotaRules.commandShell.limits, ...quotas },
    quotaFaults: endpointQuotaRules.commandShell.faults,
    countsEndedCommands: false,
    admit: (request) => guid(request.shellId ?? randomUUID()),
    open: async (request, { shellId, principal }) => {
      if (request.creation !== undefined) throw new FaultReply('schemaValidation');
      const { noProfile, codePage, workingDirectory, environment } = request;
      const shell = await backend.open({
        shellId,
        principal,
        noProfile,
        ...(codePage === undefined ? {} : { codePage }),
        ...(workingDirectory === undefined ? {} : { workingDirectory }),
        environment,
      });
      return {
        command: (line, commandId, output) => {
          if (line.args !== undefined) throw new FaultReply('schemaValidation');
          const { command, commandArguments, consoleInput, skipShell } = line;
          return shell.command({
            commandId,
            command,
            arguments: commandArguments,
            consoleInput,
            skipShell,
            stdout: output.sink('stdout'),
            stderr: output.sink('stderr'),
          });
        },
        send: () => Promise.reject(new FaultReply('schemaValidation', 'Only a command accepts input')),
        close: () => shell.close(),
      };
    },
  };
}

function psrpCreate(request: AnyCreate): CreateRequest {
  if (request.creation === undefined) throw new FaultReply('schemaValidation', 'The shell lacks creationXml');
  return request;
}

function guid(text: string): string {
  const id = text.toUpperCase();
  if (!guidPattern.test(id)) throw new FaultReply('schemaValidation', 'ShellId must be a GUID');
  return id;
}
