import type {
  PipelineSignal,
  PsrpTransport,
  SendStream,
  TransportOpening,
} from '../../../src/client/transport.ts';
import type {
  BackendCommand,
  BackendShell,
  OutputSink,
  ShellBackend,
} from '../../../src/server/shell-backend.ts';

/** A call of the transport, as tests count them. */
export type TransportCall = 'open' | 'command' | 'send' | 'receive' | 'stop' | 'terminate' | 'close';

/** Carries a pool to a shell backend in the same process: no sockets, no envelopes, any size of fragments. */
export class LoopbackTransport implements PsrpTransport {
  maxFragmentSize: { first: number; other: number };
  readonly calls: TransportCall[] = [];
  /** Answers are cut into pieces of so many bytes. */
  readonly pieceSize: number;
  readonly #backend: ShellBackend;
  readonly #commands = new Map<string, BackendCommand>();
  readonly #sinks = new Map<string, Sink>();
  #shell: BackendShell | undefined;
  /** Makes every call from now on reject. */
  failure: Error | undefined;

  constructor(backend: ShellBackend, sizes: { fragment?: number; piece?: number } = {}) {
    const { fragment = 32_768, piece = 32_768 } = sizes;
    this.#backend = backend;
    this.maxFragmentSize = { first: fragment, other: fragment };
    this.pieceSize = piece;
  }

  /** How often a call was made. */
  count(call: TransportCall): number {
    return this.calls.filter((made) => made === call).length;
  }

  async open({ poolId, creation }: TransportOpening): Promise<void> {
    this.#note('open');
    this.#shell = await this.#backend.open({
      shellId: poolId.toUpperCase(),
      resourceUri: 'test',
      principal: 'tester',
      creation,
      output: this.#sink(''),
    });
  }

  async createCommand(pipelineId: string, args: Uint8Array, signal: AbortSignal): Promise<void> {
    this.#note('command');
    signal.throwIfAborted();
    const output = this.#sink(pipelineId);
    const command = await this.#opened().command({ commandId: pipelineId.toUpperCase(), args, output });
    this.#commands.set(pipelineId, command);
  }

  async send(stream: SendStream, data: Uint8Array, pipelineId: string | undefined): Promise<void> {
    this.#note('send');
    const target = pipelineId === undefined ? this.#opened() : this.#commands.get(pipelineId);
    await target?.send(stream, data);
  }

  receive(pipelineId: string | undefined, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const sink = this.#sinks.get(pipelineId ?? '');
    if (sink === undefined) throw new Error('Nothing to receive from');
    return sink.read(signal, () => this.#note('receive'), this.pieceSize);
  }

  async signal(pipelineId: string, kind: PipelineSignal): Promise<void> {
    this.#note(kind);
    const command = this.#commands.get(pipelineId);
    if (kind === 'terminate') {
      this.#commands.delete(pipelineId);
      this.#sinks.get(pipelineId)?.close();
      this.#sinks.delete(pipelineId);
    }
    await command?.signal(kind === 'stop' ? 'interrupt' : 'terminate');
  }

  async close(): Promise<void> {
    this.calls.push('close');
    for (const sink of this.#sinks.values()) sink.close();
    await this.#shell?.close();
    this.#shell = undefined;
  }

  /** The connection breaks: what waits and what follows rejects. */
  fail(error: Error): void {
    this.failure = error;
    for (const sink of this.#sinks.values()) sink.fail(error);
  }

  #note(call: TransportCall): void {
    this.calls.push(call);
    if (this.failure !== undefined) throw this.failure;
  }

  #opened(): BackendShell {
    if (this.#shell === undefined) throw new Error('Not open');
    return this.#shell;
  }

  #sink(id: string): Sink {
    const sink = new Sink();
    this.#sinks.set(id, sink);
    return sink;
  }
}

/** Bytes a backend wrote that nobody has read: writers are held up beyond this. */
const highWaterMark = 65_536;

class Sink implements OutputSink {
  readonly #closed = new AbortController();
  #chunks: Uint8Array[] = [];
  #ended = false;
  #error: Error | undefined;
  #readers: (() => void)[] = [];
  #writers: (() => void)[] = [];

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  write(data: Uint8Array): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#chunks.push(data);
    this.#wake();
    if (this.#size() < highWaterMark) return Promise.resolve();
    return new Promise((resolve) => this.#writers.push(resolve));
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  close(): void {
    this.end();
    this.#closed.abort();
    for (const resume of this.#writers.splice(0)) resume();
  }

  fail(error: Error): void {
    this.#error = error;
    this.close();
  }

  async *read(signal: AbortSignal, onAsk: () => void, pieceSize: number): AsyncGenerator<Uint8Array> {
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      for (;;) {
        onAsk();
        while (this.#chunks.length === 0 && !this.#ended && !signal.aborted) {
          await new Promise<void>((resolve) => this.#readers.push(resolve));
        }
        // Like a real listener: what is written in the same turn goes out together.
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#error !== undefined) throw this.#error;
        signal.throwIfAborted();
        const answer = Buffer.concat(this.#chunks.splice(0));
        for (const resume of this.#writers.splice(0)) resume();
        for (let offset = 0; offset < answer.length; offset += pieceSize) {
          yield answer.subarray(offset, offset + pieceSize);
        }
        if (this.#finished()) return;
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #finished(): boolean {
    return this.#ended && this.#chunks.length === 0 && this.#error === undefined;
  }

  #size(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  #wake(): void {
    for (const resume of this.#readers.splice(0)) resume();
  }
}
