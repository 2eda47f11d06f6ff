import type { Readable, Writable } from 'node:stream';
import { checkOptions, emptyGuid, PsrpError, rules } from '../core/index.ts';
import type { BackendCommand, BackendShell, OutputSink, ShellBackend } from '../server/index.ts';
import { readPackets, streamRules, writePacket } from './packet-stream.ts';
import type { Packet } from './packet.ts';

/**
 * Serves one shell over a pair of streams, as PowerShell's server mode does. Resolves when the client has closed the
 * shell or has disconnected.
 *
 * Rejects with an OptionError if a stream or the backend is unusable, and with a PsrpError `packet-malformed` if the
 * input is not a sequence of packets.
 */
export async function servePackets(input: Readable, output: Writable, backend: ShellBackend): Promise<void> {
  checkOptions({ input, output }, streamRules, ['input', 'output']);
  checkOptions({ backend }, { backend: rules.with('a ShellBackend', 'open') }, ['backend']);
  const server = new PacketServer(output, backend);
  output.on('error', () => undefined);
  try {
    for await (const packet of readPackets(input)) {
      if (packet.type === 'Close' && packet.psGuid === emptyGuid) {
        await server.close();
        await writePacket(output, { type: 'CloseAck', psGuid: emptyGuid });
        return;
      }
      server.accept(packet);
    }
  } finally {
    await server.close();
  }
}

class PacketServer {
  readonly #output: Writable;
  readonly #backend: ShellBackend;
  readonly #commands = new Map<string, BackendCommand>();
  readonly #expected = new Set<string>();
  readonly #sinks = new Map<string, PacketSink>();
  /** Pending work by target, so a slow target does not block the others. */
  readonly #work = new Map<string, Promise<void>>();
  #shell: BackendShell | undefined;

  constructor(output: Writable, backend: ShellBackend) {
    this.#output = output;
    this.#backend = backend;
  }

  accept(packet: Packet): void {
    const { psGuid } = packet;
    // A signal overtakes data that waits for room.
    if (packet.type === 'Signal' || packet.type === 'Close') void this.#run(packet);
    else
      this.#work.set(
        psGuid,
        (this.#work.get(psGuid) ?? Promise.resolve()).then(() => this.#run(packet)),
      );
  }

  async close(): Promise<void> {
    for (const sink of this.#sinks.values()) sink.close();
    this.#sinks.clear();
    const shell = this.#shell;
    this.#shell = undefined;
    await shell?.close();
  }

  async #run(packet: Packet): Promise<void> {
    try {
      await this.#handle(packet);
    } catch (error) {
      // There is no packet for a fault: the end of the stream reports it.
      this.#output.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #handle(packet: Packet): Promise<void> {
    const { type, psGuid } = packet;
    switch (type) {
      case 'Command':
        this.#expected.add(psGuid);
        return writePacket(this.#output, { type: 'CommandAck', psGuid });
      case 'Data':
        await writePacket(this.#output, { type: 'DataAck', psGuid });
        return this.#data(packet);
      case 'Signal':
        await this.#commands.get(psGuid)?.signal('interrupt');
        return writePacket(this.#output, { type: 'SignalAck', psGuid });
      case 'Close':
        await this.#commands.get(psGuid)?.signal('terminate');
        this.#commands.delete(psGuid);
        this.#sinks.get(psGuid)?.close();
        this.#sinks.delete(psGuid);
        this.#work.delete(psGuid);
        return writePacket(this.#output, { type: 'CloseAck', psGuid });
      default:
        throw new PsrpError('packet-malformed', `A client does not send ${type}`);
    }
  }

  async #data({ psGuid, stream: name, data }: Extract<Packet, { type: 'Data' }>): Promise<void> {
    const stream = name === 'PromptResponse' ? 'pr' : 'stdin';
    if (psGuid === emptyGuid) {
      if (this.#shell !== undefined) return this.#shell.send(stream, data);
      // Packets do not carry the pool's id; it is in the messages.
      const opening = { shellId: emptyGuid, resourceUri: '', principal: 'local', creation: data };
      this.#shell = await this.#backend.open({ ...opening, output: this.#sink(psGuid) });
      return;
    }
    const command = this.#commands.get(psGuid);
    if (command !== undefined) return command.send(stream, data);
    if (this.#shell === undefined || !this.#expected.delete(psGuid)) return;
    const output = this.#sink(psGuid);
    this.#commands.set(psGuid, await this.#shell.command({ commandId: psGuid, args: data, output }));
  }

  #sink(psGuid: string): PacketSink {
    const sink = new PacketSink(psGuid, this.#output);
    this.#sinks.set(psGuid, sink);
    return sink;
  }
}

class PacketSink implements OutputSink {
  readonly #psGuid: string;
  readonly #output: Writable;
  readonly #closed = new AbortController();
  #ended = false;

  constructor(psGuid: string, output: Writable) {
    this.#psGuid = psGuid;
    this.#output = output;
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  write(data: Uint8Array): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return writePacket(this.#output, { type: 'Data', psGuid: this.#psGuid, stream: 'Default', data });
  }

  /** There is no packet for the end of a command: the pipeline state reports it. */
  end(): void {
    this.#ended = true;
  }

  close(): void {
    this.#ended = true;
    this.#closed.abort();
  }
}
