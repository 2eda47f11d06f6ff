import type { PsrpTransport } from '../client/index.ts';
import {
  checkOptions,
  decodeBody,
  decodeMessage,
  encodeFragment,
  FragmentAssembler,
  FragmentReader,
  isFinal,
  messageTypes,
  rules,
} from '../core/index.ts';
import type {
  BackendCommand,
  BackendShell,
  CommandOpening,
  InputStream,
  OutputSink,
  ShellBackend,
  ShellOpening,
} from '../server/index.ts';

/**
 * Serves each shell by passing its bytes on over a transport of its own: a bridge from WS-Management to a PowerShell
 * process, for instance.
 *
 * @example
 * ```ts
 * const listener = new WsmanListener({ backend: relayBackend(() => processTransport()), authentication });
 * ```
 */
export function relayBackend(connect: (opening: ShellOpening) => PsrpTransport): ShellBackend {
  checkOptions({ connect }, { connect: rules.call }, ['connect']);
  return {
    open: async (opening) => {
      const shell = new RelayShell(connect(opening), opening.output);
      await shell.open(opening);
      return shell;
    },
  };
}

class RelayShell implements BackendShell {
  readonly #transport: PsrpTransport;
  readonly #output: OutputSink;
  readonly #life = new AbortController();

  constructor(transport: PsrpTransport, output: OutputSink) {
    this.#transport = transport;
    this.#output = output;
  }

  async open({ shellId, creation, name }: ShellOpening): Promise<void> {
    const opening = { poolId: shellId.toLowerCase(), creation, ...(name === undefined ? {} : { name }) };
    try {
      await this.#transport.open(opening, this.#life.signal);
    } catch (error) {
      await this.#transport.close().catch(() => undefined);
      throw error;
    }
    void relay(this.#transport.receive(undefined, this.#life.signal), this.#output, () => false);
  }

  async command({ commandId, args, output }: CommandOpening): Promise<BackendCommand> {
    const id = commandId.toLowerCase();
    await this.#transport.createCommand(id, args, this.#life.signal);
    void relay(this.#transport.receive(id, output.closed), output, endOfPipeline());
    return {
      send: (stream, data) => this.#transport.send(stream, data, id, this.#life.signal),
      signal: (signal) =>
        this.#transport.signal(id, signal === 'interrupt' ? 'stop' : 'terminate', this.#life.signal),
    };
  }

  send(stream: InputStream, data: Uint8Array): Promise<void> {
    return this.#transport.send(stream, data, undefined, this.#life.signal);
  }

  async close(): Promise<void> {
    this.#life.abort(new Error('The shell was closed'));
    await this.#transport.close();
  }
}

/** Passes bytes on as fast as they are fetched, until there are no more or `isLast` says so; never rejects. */
async function relay(
  source: AsyncIterable<Uint8Array>,
  output: OutputSink,
  isLast: (data: Uint8Array) => boolean,
): Promise<void> {
  let exitCode = 1;
  try {
    for await (const data of source) {
      const last = isLast(data);
      const room = output.write(data);
      if (last) {
        exitCode = 0;
        break;
      }
      await room;
    }
  } catch {
    // Where the carrier failed, the end below tells the client: a command without a final state, a shell that is gone.
  }
  output.end(exitCode);
}

/**
 * Tells the bytes that bring a pipeline's final state. WS-Management has a sign for a command's end, where other carriers
 * leave it to the messages. Only messages of that type are put together here: the others are the client's to read.
 */
function endOfPipeline(): (data: Uint8Array) => boolean {
  const reader = new FragmentReader(Number.MAX_SAFE_INTEGER);
  const states = new FragmentAssembler();
  const objects = new Set<bigint>();
  return (data) =>
    [...reader.read(data)].some((fragment) => {
      const { objectId, start, end, blob } = fragment;
      if (start && isState(blob)) objects.add(objectId);
      if (!objects.has(objectId)) return false;
      if (end) objects.delete(objectId);
      return states.push(encodeFragment(fragment)).some(isFinalState);
    });
}

/** Whether a message that begins so tells a pipeline's state, or may. */
function isState(begin: Uint8Array): boolean {
  if (begin.length < 8) return true;
  const type = new DataView(begin.buffer, begin.byteOffset, begin.byteLength).getUint32(4, true);
  return type === messageTypes.PIPELINE_STATE.code;
}

function isFinalState(message: Uint8Array): boolean {
  const { type, payload } = decodeMessage(message);
  return type === 'PIPELINE_STATE' && isFinal(decodeBody('PIPELINE_STATE', payload).state);
}
