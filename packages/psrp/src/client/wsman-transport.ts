import { abortable } from '../core/abortable.ts';
import { checkOptions } from '../core/index.ts';
import {
  envelopeOverhead,
  shellResourceUris,
  signalUris,
  type RequestOf,
  type ResponseOf,
  type ShellReference,
} from '../wsman/index.ts';
import { WsmanError } from './errors.ts';
import { Receiver, type Received } from './receiver.ts';
import { maxShellNameLength, shortName } from './shell-name.ts';
import {
  FragmentsTooLargeError,
  type FragmentBudget,
  type PipelineSignal,
  type PsrpTransport,
  type SendStream,
  type TransportOpening,
} from './transport.ts';
import { WsmanClient } from './wsman-client.ts';
import { wsmanRules, type WsmanTransportOptions } from './wsman-options.ts';

/** Carries one runspace pool to a host over WS-Management. */
export function wsmanTransport(options: WsmanTransportOptions): PsrpTransport {
  checkOptions(options, wsmanRules, ['url', 'authenticator']);
  return new WsmanTransport(options);
}

/** Characters of the longest id that a host may choose; GUIDs have 36. */
const maxIdLength = 64;

/** Room for a fragment's header and some content, whatever else an envelope holds. */
const minFragmentBytes = 63;

/** The transport of {@link wsmanTransport}. */
class WsmanTransport implements PsrpTransport {
  readonly #client: WsmanClient;
  readonly #options: WsmanTransportOptions;
  readonly #resourceUri: string;
  readonly #idleTimeoutMs: number;
  #shell: ShellReference | undefined;
  #closing: Promise<void> | undefined;
  #budget: { readonly requestSize: number; readonly fragments: FragmentBudget } | undefined;
  /**
   * Commands on the wire. One whose caller gave up is still waited for before it is signalled: on a connection of its own the
   * signal could come first, and would find nothing to end.
   */
  readonly #starting = new Map<string, Promise<void>>();
  /** The ids of commands whose host did not take the one that was proposed, by pipeline. */
  readonly #commandIds = new Map<string, string>();

  constructor(options: WsmanTransportOptions) {
    this.#options = options;
    // A pool's own Receive, one of a pipeline, and one for what is short: with fewer a call waits for a long poll to end.
    this.#client = new WsmanClient({
      ...options,
      ...(options.maxConnections === undefined
        ? {}
        : { maxConnections: Math.max(3, options.maxConnections) }),
    });
    this.#resourceUri = options.resourceUri ?? shellResourceUris.windowsPowerShell;
    this.#idleTimeoutMs = options.idleTimeoutMs ?? 600_000;
  }

  get maxFragmentSize(): FragmentBudget {
    const requestSize = this.#client.maxRequestSize;
    if (this.#budget?.requestSize !== requestSize) {
      this.#budget = { requestSize, fragments: this.#measure(requestSize) };
    }
    return this.#budget.fragments;
  }

  async open(opening: TransportOpening, signal: AbortSignal): Promise<void> {
    const shell = { resourceUri: this.#resourceUri, shellId: opening.poolId.toUpperCase() };
    // Known before it is created: an answer that gets lost must not leave a shell that nobody deletes.
    this.#shell = shell;
    const create = {
      action: 'create',
      ...shell,
      ...(opening.name === undefined ? {} : { name: shortName(opening.name) }),
      idleTimeoutMs: this.#idleTimeoutMs,
      noProfile: true,
      protocolVersion: '2.3',
      creation: opening.creation,
    } as const;
    try {
      const response = await this.#client.request<'create'>(create, signal);
      this.#shell = { ...shell, shellId: response.shell.shellId };
    } catch (error) {
      if (error instanceof WsmanError && !error.started) this.#shell = undefined;
      throw this.#cuttable(error, opening.creation, 'first');
    }
  }

  async createCommand(pipelineId: string, firstFragments: Uint8Array, signal: AbortSignal): Promise<void> {
    const commandId = pipelineId.toUpperCase();
    const request = { action: 'command', ...this.#opened(), commandId, args: firstFragments } as const;
    const answered = this.#request<'command'>(request, signal, 'unsent').then((response) =>
      this.#follow(pipelineId, response.commandId),
    );
    const settled = answered.then(
      () => undefined,
      () => undefined,
    );
    this.#starting.set(pipelineId, settled);
    void settled.then(() => {
      // Not the entry of a later attempt with smaller fragments.
      if (this.#starting.get(pipelineId) === settled) this.#starting.delete(pipelineId);
    });
    await abortable(answered, signal).catch((error: unknown) => {
      throw this.#cuttable(error, firstFragments, 'first');
    });
  }

  /** The host has the last word on a command's id (MS-WSMV 3.1.4.11): some Windows hosts choose their own. */
  #follow(pipelineId: string, commandId: string): void {
    if (commandId.length > maxIdLength) throw new WsmanError('protocol', 'The id of the command is too long');
    if (commandId === '' || commandId.toLowerCase() === pipelineId) return;
    this.#commandIds.set(pipelineId, commandId);
  }

  #target(pipelineId: string | undefined): { commandId?: string } {
    return pipelineId === undefined ? {} : { commandId: this.#commandId(pipelineId) };
  }

  #commandId(pipelineId: string): string {
    return this.#commandIds.get(pipelineId) ?? pipelineId.toUpperCase();
  }

  async send(
    stream: SendStream,
    data: Uint8Array,
    pipelineId: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const request = {
      action: 'send',
      ...this.#opened(),
      ...this.#target(pipelineId),
      stream,
      data,
    } as const;
    try {
      await this.#request<'send'>(request, signal);
    } catch (error) {
      throw this.#cuttable(error, data, 'other');
    }
  }

  receive(pipelineId: string | undefined, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const request = {
      action: 'receive',
      ...this.#opened(),
      ...this.#target(pipelineId),
      streams: 'stdout',
    } as const;
    return { [Symbol.asyncIterator]: () => new Receiver((both) => this.#ask(request, both), signal) };
  }

  async #ask(request: RequestOf<'receive'>, signal: AbortSignal): Promise<Received> {
    try {
      return checked(await this.#request<'receive'>(request, signal), request.commandId);
    } catch (error) {
      if (!(error instanceof WsmanError)) throw error;
      if (error.fault?.isTimedOut === true) return 'nothing yet';
      // Closing ends the Receives: by a fault of the host's choice, or because the connection goes first.
      if (this.#closing !== undefined && (error.fault !== undefined || error.code === 'closed'))
        return 'ended';
      throw error;
    }
  }

  async signal(pipelineId: string, kind: PipelineSignal, signal: AbortSignal): Promise<void> {
    const code = kind === 'stop' ? signalUris.interrupt : signalUris.terminate;
    await abortable(this.#starting.get(pipelineId) ?? Promise.resolve(), signal);
    const commandId = this.#commandId(pipelineId);
    if (kind === 'terminate') this.#commandIds.delete(pipelineId);
    const request = { action: 'signal', ...this.#opened(), commandId, code } as const;
    try {
      await this.#request<'signal'>(request, signal);
    } catch (error) {
      // A command that is gone already is what `terminate` wants.
      if (kind === 'terminate' && error instanceof WsmanError && error.fault?.isShellNotFound === true)
        return;
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const shell = this.#shell;
    try {
      if (shell !== undefined) {
        await this.#delete(shell);
      }
    } catch (error) {
      if (!(error instanceof WsmanError && error.fault?.isShellNotFound === true)) throw error;
    } finally {
      await this.#client.close();
    }
  }

  async #delete(shell: ShellReference): Promise<void> {
    const limit = new AbortController();
    const timer = setTimeout(
      () => limit.abort(new WsmanError('timeout', 'The host did not delete the shell in time')),
      this.#options.closeTimeoutMs ?? 10_000,
    );
    try {
      await this.#client.request({ action: 'delete', ...shell }, limit.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * A shell whose client kept silent for a minute (asleep, cut off) is Disconnected and refuses what is asked of it until
   * its session reconnects; what it refused never began.
   */
  async #request<A extends 'command' | 'send' | 'receive' | 'signal'>(
    request: RequestOf<A>,
    signal: AbortSignal,
    until: 'always' | 'unsent' = 'always',
  ): Promise<ResponseOf<A>> {
    try {
      return await this.#client.request<A>(request, signal, until);
    } catch (error) {
      if (!(error instanceof WsmanError) || error.fault?.known !== 'shellDisconnected') throw error;
      await this.#client.request({ action: 'reconnect', ...this.#opened() }, signal);
      return await this.#client.request<A>(request, signal, until);
    }
  }

  /** The error of a call with fragments: one that says so where smaller ones may do. */
  #cuttable(error: unknown, data: Uint8Array, call: keyof FragmentBudget): unknown {
    const isTooLarge = error instanceof WsmanError && error.code === 'too-large';
    return isTooLarge && data.length > this.maxFragmentSize[call] ? new FragmentsTooLargeError(error) : error;
  }

  /** What the envelopes leave for fragments; ids have one length, so it is the same for all. */
  #measure(requestSize: number): FragmentBudget {
    const { header } = this.#client;
    const shell = {
      resourceUri: this.#resourceUri,
      shellId: '00000000-0000-0000-0000-000000000000',
      name: 'x'.repeat(maxShellNameLength),
      idleTimeoutMs: this.#idleTimeoutMs,
    };
    // base64 makes four characters of three bytes.
    const room = (overhead: number): number =>
      Math.max(minFragmentBytes, Math.floor((requestSize - overhead) / 4) * 3);
    return {
      first: Math.min(
        room(envelopeOverhead('create', shell, header)),
        room(envelopeOverhead('command', shell, header)),
      ),
      other: room(envelopeOverhead('send', shell, header)),
    };
  }

  #opened(): ShellReference {
    if (this.#shell === undefined)
      throw new WsmanError('closed', 'The transport is not open', { started: false });
    return this.#shell;
  }
}

/** Refuses output of another command: taken for this one's, it would pass for a gap in it. */
function checked(answer: ResponseOf<'receive'>, commandId: string | undefined): ResponseOf<'receive'> {
  const { chunks, state } = answer;
  for (const id of [...chunks.map((chunk) => chunk.commandId), state?.commandId]) {
    // Hosts leave it out for the shell itself.
    if (id === undefined || id === '' || id.toUpperCase() === commandId?.toUpperCase()) continue;
    throw new WsmanError('protocol', 'The host answered with the output of another command');
  }
  return answer;
}
