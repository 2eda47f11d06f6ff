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

/**
 * Creates a transport that carries one runspace pool to a host over WS-Management.
 *
 * @throws {WsmanError} `insecure` if credentials would travel in clear text.
 * @throws {OptionError} if an option is missing or unusable.
 */
export function wsmanTransport(options: WsmanTransportOptions): PsrpTransport {
  checkOptions(options, wsmanRules, ['url', 'authenticator']);
  return new WsmanTransport(options);
}

/** Maximum length of an id that a host chooses, in characters; GUIDs have 36. */
const maxIdLength = 64;

/** Lower bound of the fragment budget, in bytes: the header of a fragment and some content. */
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
   * Command requests on the wire. An aborted one is still awaited before its command is signalled: the signal travels
   * on another connection, could arrive first, and would find no command.
   */
  readonly #starting = new Map<string, Promise<void>>();
  /** Command ids that the host chose instead of the proposed ones, by pipeline id. */
  readonly #commandIds = new Map<string, string>();

  constructor(options: WsmanTransportOptions) {
    this.#options = options;
    // The pool's own Receive, one of a pipeline, and one for short requests; with fewer, calls wait for a long poll to
    // end.
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
    // Set before the shell is created: if the response gets lost, the shell must still be deleted.
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
      // Keeps the entry of a later attempt with smaller fragments.
      if (this.#starting.get(pipelineId) === settled) this.#starting.delete(pipelineId);
    });
    await abortable(answered, signal).catch((error: unknown) => {
      throw this.#cuttable(error, firstFragments, 'first');
    });
  }

  /** Adopts the command id of the host, which decides (MS-WSMV 3.1.4.11): some Windows hosts choose their own. */
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
      // Closing ends the Receives, by some fault of the host or because the connection closes first.
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
      // `terminate` has nothing left to do if the command is already gone.
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
   * Sends a request and reconnects the shell if necessary. A shell whose client was silent for a minute (asleep, cut
   * off) is Disconnected and refuses requests until its session reconnects; refused requests had no effect.
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

  /** Converts the error of a call with fragments to FragmentsTooLargeError if smaller fragments may succeed. */
  #cuttable(error: unknown, data: Uint8Array, call: keyof FragmentBudget): unknown {
    const isTooLarge = error instanceof WsmanError && error.code === 'too-large';
    return isTooLarge && data.length > this.maxFragmentSize[call] ? new FragmentsTooLargeError(error) : error;
  }

  /** Computes the room for fragments in envelopes. All ids have the same length, so it is the same for all requests. */
  #measure(requestSize: number): FragmentBudget {
    const { header } = this.#client;
    const shell = {
      resourceUri: this.#resourceUri,
      shellId: '00000000-0000-0000-0000-000000000000',
      name: 'x'.repeat(maxShellNameLength),
      idleTimeoutMs: this.#idleTimeoutMs,
    };
    // base64 encodes three bytes as four characters.
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

/** Rejects output of another command: it would look like a gap in the output of this one. */
function checked(answer: ResponseOf<'receive'>, commandId: string | undefined): ResponseOf<'receive'> {
  const { chunks, state } = answer;
  for (const id of [...chunks.map((chunk) => chunk.commandId), state?.commandId]) {
    // Hosts omit it for the shell itself.
    if (id === undefined || id === '' || id.toUpperCase() === commandId?.toUpperCase()) continue;
    throw new WsmanError('protocol', 'The host answered with the output of another command');
  }
  return answer;
}
