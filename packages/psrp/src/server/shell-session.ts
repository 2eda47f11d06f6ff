import { randomUUID } from 'node:crypto';
import type {
  ReceiveRequest,
  SendRequest,
  ShellDescription,
  SignalRequest,
  StreamChunk,
  WsmanResponse,
} from '../wsman/index.ts';
import type { Clock } from './clock.ts';
import type { AnyCommand, Endpoint, ServedShell } from './endpoint.ts';
import { FragmentOutput } from './fragment-output.ts';
import { OutputQueue } from './output-queue.ts';
import { ClientGone, FaultReply, StatusReply } from './reply.ts';
import type { BackendCommand, InputStream } from './shell-backend.ts';

/** Timing and output sizes of shells. Durations are in milliseconds, sizes in bytes. Defaults: `realHostPacing`. */
export interface ShellPacing {
  /** Maximum stream data in one Receive response. */
  readonly receiveBytes: number;
  /** Unread output before back-pressure is applied to the backend. */
  readonly highWaterMark: number;
  /** Time without a pending request after which a shell is Disconnected. */
  readonly idleDisconnectMs: number;
  /** Time without a pending request after which requests to a shell are answered with HTTP 400. */
  readonly idleLostMs: number;
  /**
   * MaxTimeoutms: how long a Receive waits if the client gives no OperationTimeout or a longer one (MS-WSMV 3.1.4.1: a
   * longer OperationTimeout is not a fault).
   */
  readonly operationTimeoutMs: number;
}

interface Command {
  readonly output: OutputQueue;
  readonly backend: Promise<BackendCommand>;
}

/** Shell with its commands, its output and the connection state of its client. */
export class ShellSession {
  readonly output: OutputQueue;
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #pacing: ShellPacing;
  readonly #commands = new Map<string, Command>();
  readonly #createdAt: number;
  #description: ShellDescription;
  #backend: ServedShell | undefined;
  #outstanding = 0;
  #idleSince: number;
  #cancelExpiry: (() => void) | undefined;
  #disconnected = false;
  #closed = false;

  constructor(description: ShellDescription, endpoint: Endpoint, pacing: ShellPacing, clock: Clock) {
    this.#description = description;
    this.#endpoint = endpoint;
    this.#pacing = pacing;
    this.#clock = clock;
    this.#createdAt = this.#idleSince = clock.now();
    const store = new FragmentOutput({ answerPerWrite: true });
    this.output = new OutputQueue({ clock, highWaterMark: pacing.highWaterMark, store });
  }

  /** Endpoint of the shell, which determines its kind. */
  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  /** Account that owns the shell. */
  get owner(): string {
    return this.#description.owner;
  }

  /** Describes the shell for Enumerate. */
  describe(): ShellDescription {
    return {
      ...this.#description,
      state: this.#isDisconnected() ? 'Disconnected' : 'Connected',
      runTimeMs: this.#clock.now() - this.#createdAt,
      inactivityMs: this.#idleFor(),
    };
  }

  /**
   * Attaches the backend. Closes it if the shell has ended in the meantime.
   *
   * Rejects with a FaultReply `aborted` in that case.
   */
  async attach(backend: ServedShell): Promise<void> {
    if (this.#closed) {
      await backend.close();
      throw new FaultReply('aborted');
    }
    this.#backend = backend;
  }

  /**
   * Runs a request to this shell and counts it as pending. `expire` is called after the idle timeout without a pending
   * request.
   */
  async serve<T>(expire: () => void, task: () => Promise<T>): Promise<T> {
    if (this.#endpoint.canDisconnect && this.#idleFor() >= this.#pacing.idleLostMs)
      throw new StatusReply(400);
    if (this.#isDisconnected()) this.#disconnected = true;
    this.#outstanding += 1;
    this.#cancelExpiry?.();
    try {
      return await task();
    } finally {
      this.#outstanding -= 1;
      this.#idleSince = this.#clock.now();
      if (this.#outstanding === 0 && !this.#closed) {
        this.#cancelExpiry = this.#clock.schedule(this.#description.idleTimeoutMs, expire);
      }
    }
  }

  /** Starts a command. */
  async command(request: AnyCommand): Promise<WsmanResponse> {
    const backend = this.#connected();
    const commandId = request.commandId ?? randomUUID().toUpperCase();
    if (this.#commands.has(commandId)) throw new FaultReply('commandExists');
    const { quotas, quotaFaults } = this.#endpoint;
    if (this.#commandCount() >= quotas.commandsPerShell) throw new FaultReply(quotaFaults.commandsPerShell);
    const { highWaterMark } = this.#pacing;
    const store = this.#endpoint.storeOutput();
    const output = new OutputQueue({ clock: this.#clock, highWaterMark, store });
    const started = backend.command(request, commandId, output);
    this.#commands.set(commandId, { output, backend: started });
    try {
      await started;
    } catch (cause) {
      this.#commands.delete(commandId);
      throw backendFault(cause);
    }
    return { action: 'command', commandId };
  }

  /** Passes stream data on; what comes for a command that has ended is dropped. */
  async send(request: SendRequest): Promise<WsmanResponse> {
    const shell = this.#connected();
    const stream = inputStream(request.stream);
    try {
      if (request.commandId === undefined) await shell.send(stream, request.data);
      else {
        const command = await this.#command(request.commandId).backend;
        await command.send(stream, request.data, request.end === true);
      }
    } catch (cause) {
      throw backendFault(cause);
    }
    return { action: 'send' };
  }

  /** Waits for output and answers with what there is; the fault TimedOut when there is none in time. */
  async receive(
    request: ReceiveRequest,
    wish: { readonly timeoutMs: number | undefined; readonly maxBytes: number; readonly gone: AbortSignal },
  ): Promise<WsmanResponse> {
    this.#connected();
    const { commandId } = request;
    const output = commandId === undefined ? this.output : this.#command(commandId).output;
    if (output.reported) throw new FaultReply('shellNotFound');
    if (output.isAwaited) throw new FaultReply('receiveInProgress');
    const { operationTimeoutMs } = this.#pacing;
    const result = await output.wait(Math.min(wish.timeoutMs ?? Infinity, operationTimeoutMs), wish.gone);
    if (result === 'gone') throw new ClientGone();
    if (result === 'closed') throw new FaultReply(this.#disconnected ? 'streamDisconnected' : 'aborted');
    if (result === 'timeout') throw new FaultReply('timedOut');
    const { chunks, exitCode } = output.take(Math.min(this.#pacing.receiveBytes, wish.maxBytes));
    if (commandId === undefined) return { action: 'receive', chunks };
    const named = chunks.map((chunk): StreamChunk => ({ ...chunk, commandId }));
    if (exitCode === undefined) {
      return { action: 'receive', chunks: named, ...this.#running(commandId) };
    }
    const ends = this.#severalStreams().map((stream) => ({ stream, commandId, data: noData, end: true }));
    return {
      action: 'receive',
      chunks: [...named, ...ends],
      state: { commandId, done: true, exitCode },
    };
  }

  /** Reports a running command in each response of a WinRS shell; clients of WinRS rely on it. */
  #running(commandId: string): { state?: { commandId: string; done: boolean } } {
    return this.#severalStreams().length > 0 ? { state: { commandId, done: false } } : {};
  }

  #severalStreams(): readonly string[] {
    const { outputStreams } = this.#endpoint;
    return outputStreams.length > 1 ? outputStreams : [];
  }

  /** Interrupts a command if the code is in `interrupts` of the endpoint; otherwise terminates it. */
  async signal(request: SignalRequest): Promise<WsmanResponse> {
    this.#connected();
    const command = this.#command(request.commandId);
    const interrupt = this.#endpoint.interrupts.has(request.code);
    if (!interrupt) {
      this.#commands.delete(request.commandId);
      command.output.close();
    }
    try {
      await (await command.backend).signal(interrupt ? 'interrupt' : 'terminate');
    } catch (cause) {
      throw backendFault(cause);
    }
    return { action: 'signal' };
  }

  /** Handles a client that disconnects: running commands continue, and their output waits. */
  disconnect(idleTimeoutMs: number | undefined): WsmanResponse {
    this.#connected();
    this.#mayDisconnect();
    this.#disconnected = true;
    for (const output of [this.output, ...[...this.#commands.values()].map((command) => command.output)]) {
      output.dismiss();
    }
    if (idleTimeoutMs !== undefined) this.#description = { ...this.#description, idleTimeoutMs };
    return { action: 'disconnect' };
  }

  /** The client is back. */
  reconnect(): WsmanResponse {
    this.#mayDisconnect();
    this.#disconnected = false;
    return { action: 'reconnect' };
  }

  /** Ends the shell and everything in it. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelExpiry?.();
    for (const { output } of this.#commands.values()) output.close();
    this.output.close();
    await this.#backend?.close();
  }

  #commandCount(): number {
    if (this.#endpoint.countsEndedCommands) return this.#commands.size;
    return [...this.#commands.values()].filter(({ output }) => !output.ended).length;
  }

  #mayDisconnect(): void {
    if (!this.#endpoint.canDisconnect) throw new FaultReply('invalidAction');
  }

  #connected(): ServedShell {
    if (this.#disconnected) throw new FaultReply('shellDisconnected');
    if (this.#backend === undefined || this.#closed || this.output.reported)
      throw new FaultReply('shellNotFound');
    return this.#backend;
  }

  #command(commandId: string): Command {
    const command = this.#commands.get(commandId);
    if (command === undefined) throw new FaultReply('shellNotFound');
    return command;
  }

  #idleFor(): number {
    return this.#outstanding > 0 ? 0 : this.#clock.now() - this.#idleSince;
  }

  #isDisconnected(): boolean {
    if (!this.#endpoint.canDisconnect) return false;
    return this.#disconnected || this.#idleFor() >= this.#pacing.idleDisconnectMs;
  }
}

const noData = new Uint8Array();

function inputStream(name: string): InputStream {
  if (name === 'stdin' || name === 'pr') return name;
  throw new FaultReply('schemaValidation', `There is no input stream ${name}`);
}

/** Converts a rejection of a backend to a fault with its message. */
export function backendFault(cause: unknown): Error {
  if (cause instanceof FaultReply) return cause;
  return new FaultReply('internalError', cause instanceof Error ? cause.message : 'The shell failed');
}
