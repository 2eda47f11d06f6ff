import type { Readable, Writable } from 'node:stream';
import type {
  FragmentBudget,
  PipelineSignal,
  PsrpTransport,
  SendStream,
  TransportOpening,
} from '../client/index.ts';
import { checkOptions, emptyGuid, PsrpError, rules, type OptionRules } from '../core/index.ts';
import { ByteQueue } from './byte-queue.ts';
import { abortable } from '../core/abortable.ts';
import { readPackets, streamRules, writePacket } from './packet-stream.ts';
import type { Packet, PlainPacketType } from './packet.ts';

/** Options of a {@link PacketTransport}. */
export interface PacketTransportOptions {
  /** Maximum length of a line, in bytes. Default 4 MiB. */
  readonly maxLineLength?: number;
  /** Unread bytes of all pipelines after which the peer is no longer read. Default 4 MiB. */
  readonly highWaterMark?: number;
  /** Determines why the peer ended its stream. Default: a PsrpError `transport-ended`. */
  readonly explainEnd?: () => Promise<Error>;
}

const packetRules: OptionRules<PacketTransportOptions> = {
  maxLineLength: rules.count,
  highWaterMark: rules.size,
  explainEnd: rules.call,
};

type Ack = Extract<PlainPacketType, `${string}Ack`>;

/** Size of a fragment in bytes, as in PowerShell. */
const fragmentSize = 32_768;

/**
 * Transport over a pair of streams, as the client of PowerShell's server mode. All pipelines share one stream: if one
 * of them is not read and {@link PacketTransportOptions.highWaterMark} is reached, the others wait with it.
 */
export class PacketTransport implements PsrpTransport {
  readonly maxFragmentSize: FragmentBudget = { first: fragmentSize, other: fragmentSize };
  readonly #output: Writable;
  readonly #queues = new Map<string, ByteQueue>();
  readonly #acks = new Map<string, PromiseWithResolvers<undefined>>();
  readonly #highWaterMark: number;
  #waiting = 0;
  #resume: (() => void) | undefined;
  #failure: unknown;
  #failed = false;

  /** @throws {OptionError} if a stream or an option is unusable. */
  constructor(input: Readable, output: Writable, options: PacketTransportOptions = {}) {
    checkOptions({ input, output }, streamRules, ['input', 'output']);
    checkOptions(options, packetRules);
    this.#output = output;
    this.#highWaterMark = options.highWaterMark ?? 4 * 1024 * 1024;
    // The end of the input reports the peer's end. Without a listener, an EPIPE would end the process.
    output.on('error', () => undefined);
    void this.#readAll(input, options);
  }

  async open({ creation }: TransportOpening, signal: AbortSignal): Promise<void> {
    this.#queueOf(emptyGuid);
    await this.send('stdin', creation, undefined, signal);
  }

  async createCommand(pipelineId: string, firstFragments: Uint8Array, signal: AbortSignal): Promise<void> {
    this.#queueOf(pipelineId);
    await this.#exchange({ type: 'Command', psGuid: pipelineId }, 'CommandAck', signal);
    await this.send('stdin', firstFragments, pipelineId, signal);
  }

  async send(
    stream: SendStream,
    data: Uint8Array,
    pipelineId: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const name = stream === 'pr' ? 'PromptResponse' : 'Default';
    const packet: Packet = { type: 'Data', psGuid: pipelineId ?? emptyGuid, stream: name, data };
    await this.#exchange(packet, 'DataAck', signal);
  }

  receive(pipelineId: string | undefined, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#queueOf(pipelineId ?? emptyGuid).read(signal);
  }

  async signal(pipelineId: string, kind: PipelineSignal, signal: AbortSignal): Promise<void> {
    if (kind === 'stop') {
      await this.#exchange({ type: 'Signal', psGuid: pipelineId }, 'SignalAck', signal);
      return;
    }
    this.#drop(pipelineId);
    await this.#exchange({ type: 'Close', psGuid: pipelineId }, 'CloseAck', signal);
  }

  /** Closes the pool and ends the output. Resolves when the peer has acknowledged it or has ended. */
  async close(): Promise<void> {
    if (!this.#failed) {
      const closed = this.#exchange(
        { type: 'Close', psGuid: emptyGuid },
        'CloseAck',
        new AbortController().signal,
      );
      await closed.catch(() => undefined);
    }
    this.fail(new PsrpError('pool-closed', 'The transport was closed'));
    this.#output.end();
  }

  /** Rejects all pending and later calls with this error. Later errors are ignored. */
  fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#failure = error;
    for (const ack of this.#acks.values()) ack.reject(error);
    this.#acks.clear();
    for (const queue of this.#queues.values()) queue.fail(error);
    this.#resume?.();
  }

  async #readAll(input: Readable, { maxLineLength, explainEnd }: PacketTransportOptions): Promise<void> {
    try {
      for await (const packet of readPackets(input, maxLineLength)) {
        this.#accept(packet);
        if (this.#waiting >= this.#highWaterMark && !this.#failed) {
          await new Promise<void>((resolve) => (this.#resume = resolve));
        }
      }
      this.fail((await explainEnd?.()) ?? new PsrpError('transport-ended', 'The peer ended its stream'));
    } catch (error) {
      this.fail(error);
    }
  }

  #accept(packet: Packet): void {
    if (packet.type === 'Data') {
      this.#queues.get(packet.psGuid)?.push(packet.data);
      return;
    }
    const key = `${packet.type} ${packet.psGuid}`;
    this.#acks.get(key)?.resolve(undefined);
    this.#acks.delete(key);
  }

  /** Sends a packet and waits for its acknowledgement. At most one packet of a type is pending per target. */
  async #exchange(packet: Packet, ack: Ack, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#failed) throw this.#failure;
    const answer = Promise.withResolvers<undefined>();
    answer.promise.catch(() => undefined);
    this.#acks.set(`${ack} ${packet.psGuid}`, answer);
    await abortable(
      writePacket(this.#output, packet).then(() => answer.promise),
      signal,
    );
  }

  #queueOf(id: string): ByteQueue {
    const known = this.#queues.get(id);
    if (known !== undefined) return known;
    const queue = new ByteQueue((change) => {
      this.#waiting += change;
      if (this.#waiting < this.#highWaterMark) this.#resume?.();
    });
    if (this.#failed) queue.fail(this.#failure);
    this.#queues.set(id, queue);
    return queue;
  }

  #drop(id: string): void {
    this.#queues.get(id)?.end();
    this.#queues.delete(id);
  }
}
