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
 * Creates a backend that forwards the bytes of each shell to a separate transport, for example from WS-Management to a
 * PowerShell process.
 *
 * @param connect creates the transport of a shell.
 * @throws {OptionError} if `connect` is not a function.
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

/** Forwards bytes as fast as they are read, until they end or `isLast` returns true. Never rejects. */
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
    // If the transport failed, the end below reports it: the client sees a command without a final state, or a closed
    // shell.
  }
  output.end(exitCode);
}

/**
 * Returns a function that detects the bytes with the final state of a pipeline. WS-Management marks the end of a
 * command, other carriers only send the message. Only messages of this type are reassembled here; the client reads the
 * others.
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

/** Returns whether a message with this beginning is, or may be, PIPELINE_STATE. */
function isState(begin: Uint8Array): boolean {
  if (begin.length < 8) return true;
  const type = new DataView(begin.buffer, begin.byteOffset, begin.byteLength).getUint32(4, true);
  return type === messageTypes.PIPELINE_STATE.code;
}

function isFinalState(message: Uint8Array): boolean {
  const { type, payload } = decodeMessage(message);
  return type === 'PIPELINE_STATE' && isFinal(decodeBody('PIPELINE_STATE', payload).state);
}
