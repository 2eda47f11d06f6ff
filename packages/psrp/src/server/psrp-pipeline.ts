import { isPsScalar, type PsValue } from '../clixml/index.ts';
import {
  isFinal,
  ValueQueue,
  type ErrorRecordParts,
  type PipelineCommand,
  type ServerEvent,
  type ServerPipeline,
  type ServerRunspacePool,
} from '../core/index.ts';
import {
  commandNotFound,
  ParameterMap,
  pipeRefused,
  requestRefused,
  scriptRefused,
  terminatingError,
  type CommandContext,
  type CommandHandler,
} from './psrp-command.ts';
import type { BackendCommand, CommandOpening, InputStream, ShellSignal } from './shell-backend.ts';

/** @internal Shell as seen by its pipelines. */
export interface PipelineShell {
  readonly core: ServerRunspacePool;
  readonly shellId: string;
  readonly principal: string;
  /** Bytes of fragments per write. */
  readonly chunkSize: number;
  /** Returns the command with this name (case-insensitive). */
  find(name: string): CommandHandler | undefined;
  /** Passes bytes to the core and dispatches the resulting events. */
  receive(data: Uint8Array, pipelineId: string): void;
  /** Waits for a free runspace. Resolves to the function that releases it; rejects with the signal's reason. */
  takeRunspace(signal: AbortSignal): Promise<() => void>;
  /** Releases the pipeline. */
  release(pipelineId: string): void;
}

/** Unread input after which back-pressure is applied to the client, in bytes. */
const inputHighWaterMark = 256 * 1024;

/** Pipeline in a shell of fixed commands. */
export class PsrpPipeline implements BackendCommand {
  readonly id: string;
  readonly #shell: PipelineShell;
  readonly #opening: CommandOpening;
  readonly #abort = new AbortController();
  readonly #input = new ValueQueue(inputHighWaterMark, undefined, (change) => this.#shell.core.hold(change));
  #received: PsValue[] = [];
  #undelivered = 0;
  #hasEnded = false;
  #refusal: ErrorRecordParts | undefined;

  constructor(shell: PipelineShell, opening: CommandOpening) {
    this.id = opening.commandId.toLowerCase();
    this.#shell = shell;
    this.#opening = opening;
    opening.output.closed.addEventListener('abort', this.#onClosed, { once: true });
  }

  /** Handles an event of this pipeline. */
  handle(event: ServerEvent): void {
    if (event.type === 'PIPELINE_INPUT') this.#received.push(event.body);
    else if (event.type === 'END_OF_PIPELINE_INPUT') {
      this.#deliver(0);
      this.#input.end();
    } else if (event.type === 'CREATE_PIPELINE') {
      const pipeline = this.#shell.core.pipeline(this.id);
      if (pipeline !== undefined) void this.#run(pipeline);
    } else if (event.type === 'UNREADABLE') this.refuse(event.body.error.message);
    else if (event.type === 'GET_COMMAND_METADATA')
      this.refuse('This endpoint does not support command proxies');
  }

  /** Fails the pipeline because of invalid data from its client. */
  refuse(message: string): void {
    if (this.#hasEnded || this.#refusal !== undefined) return;
    this.#refusal = requestRefused(message);
    this.stop(new Error(message));
    // A command that was never started does not end by itself.
    if (this.#shell.core.pipeline(this.id) === undefined) {
      this.#hasEnded = true;
      this.#shell.core.failPipeline(this.id, this.#refusal);
      this.#finishOutput();
    }
  }

  async send(_stream: InputStream, data: Uint8Array): Promise<void> {
    this.#shell.receive(data, this.id);
    this.#deliver(data.length);
    await this.#input.room();
  }

  signal(signal: ShellSignal): Promise<void> {
    if (signal === 'interrupt') this.#shell.core.pipeline(this.id)?.beginStop();
    if (!this.#hasEnded) {
      this.stop(
        new Error(signal === 'interrupt' ? 'The client stopped the pipeline' : 'The client ended it'),
      );
    }
    if (signal === 'terminate') this.#shell.release(this.id);
    return Promise.resolve();
  }

  /** Aborts the command. */
  stop(reason: Error): void {
    this.#abort.abort(reason);
    this.#input.discard();
    this.#input.end();
  }

  /** @param size bytes received since the last call; one object may span several calls. */
  #deliver(size: number): void {
    this.#undelivered += size;
    const values = this.#received;
    if (values.length === 0) return;
    for (const value of values) this.#input.push(value, this.#undelivered / values.length);
    this.#received = [];
    this.#undelivered = 0;
  }

  readonly #onClosed = (): void => this.stop(new Error('The client disconnected'));

  /** Runs the statements one after the other and reports the end. Never rejects. */
  async #run(pipeline: ServerPipeline): Promise<void> {
    const { signal } = this.#abort;
    if (pipeline.request.noInput) this.#input.end();
    let giveBack: (() => void) | undefined;
    let failure: ErrorRecordParts | undefined;
    try {
      giveBack = await this.#shell.takeRunspace(signal);
      for (const commands of pipeline.request.statements) {
        failure ??= await this.#runStatement(pipeline, commands);
      }
    } catch {
      // Only an aborted wait for a runspace gets here; the end below reports it.
    } finally {
      giveBack?.();
    }
    this.#end(pipeline, failure);
  }

  /** @returns the terminating error; undefined if there is none. */
  async #runStatement(
    pipeline: ServerPipeline,
    commands: readonly PipelineCommand[],
  ): Promise<ErrorRecordParts | undefined> {
    const [command, next] = commands;
    if (command === undefined) return undefined;
    if (commands.some(hasSecureString)) return requestRefused('This endpoint does not accept secure strings');
    const script = commands.find(({ isScript }) => isScript);
    if (script !== undefined) return scriptRefused(script.text);
    const handler = this.#shell.find(command.text);
    if (handler === undefined) return commandNotFound(command.text);
    if (next !== undefined) return pipeRefused(command.text);
    try {
      await handler(this.#context(pipeline, command));
      return undefined;
    } catch (error) {
      return terminatingError(error, command.text);
    }
  }

  #end(pipeline: ServerPipeline, failure: ErrorRecordParts | undefined): void {
    this.#hasEnded = true;
    this.#input.discard();
    // A command that ignores the abort may still write to a pipeline that is already closed.
    if (!isFinal(pipeline.state)) {
      if (this.#refusal !== undefined) pipeline.fail(this.#refusal);
      else if (this.#abort.signal.aborted) pipeline.stopped();
      else if (failure !== undefined) pipeline.fail(failure);
      else pipeline.complete();
    }
    this.#finishOutput();
  }

  #finishOutput(): void {
    const { output } = this.#opening;
    output.closed.removeEventListener('abort', this.#onClosed);
    void this.#flush();
    output.end(0);
  }

  #context(pipeline: ServerPipeline, command: PipelineCommand): CommandContext {
    const parameters = new ParameterMap();
    const positional: PsValue[] = [];
    for (const { name, value } of command.parameters) {
      if (name === undefined) positional.push(value);
      else parameters.set(name, value);
    }
    const put = async (write: () => void): Promise<void> => {
      this.#abort.signal.throwIfAborted();
      write();
      await this.#flush();
    };
    return {
      name: command.text,
      parameters,
      arguments: positional,
      input: this.#input,
      signal: this.#abort.signal,
      shellId: this.#shell.shellId,
      pipelineId: this.id,
      principal: this.#shell.principal,
      write: (value) => put(() => pipeline.write(value)),
      writeError: (error) => put(() => pipeline.writeError(error)),
      writeWarning: (message) => put(() => pipeline.writeWarning(message)),
      writeVerbose: (message) => put(() => pipeline.writeVerbose(message)),
      writeDebug: (message) => put(() => pipeline.writeDebug(message)),
      writeInformation: (record) => put(() => pipeline.writeInformation(record)),
      writeProgress: (record) => put(() => pipeline.writeProgress(record)),
    };
  }

  /** Writes all queued data in one turn, so nothing comes in between. Resolves when there is room for more. */
  async #flush(): Promise<void> {
    const { core, chunkSize } = this.#shell;
    const written: Promise<void>[] = [];
    for (;;) {
      const next = core.dataToSend(chunkSize, this.id);
      if (next === undefined) break;
      written.push(this.#opening.output.write(next.data));
    }
    await Promise.all(written);
  }
}

function hasSecureString({ parameters }: PipelineCommand): boolean {
  return parameters.some(({ value }) => isPsScalar(value) && value.tag === 'SS');
}
