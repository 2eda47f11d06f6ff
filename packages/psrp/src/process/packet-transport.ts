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
  /** The longest line that is read, in bytes. 4 MiB by default. */
  readonly maxLineLength?: number;
  /** Bytes that may wait unread, over all pipelines, before the peer is no longer read. 4 MiB by default. */
  readonly highWaterMark?: number;
  /** Finds out why the peer ended its stream, where more can be known than that it did. */
  readonly explainEnd?: () => Promise<Error>;
}

const packetRules: OptionRules<PacketTransportOptions> = {
  maxLineLength: rules.count,
  highWaterMark: rules.size,
  explainEnd: rules.call,
};

type Ack = Extract<PlainPacketType, `${string}Ack`>;

/** PowerShell cuts its own objects so, too. */
const fragmentSize = 32_768;

/**
 * Carries a runspace pool over a pair of streams, as the client of PowerShell's server mode. All pipelines share one stream:
 * where one of them is not read and {@link PacketTransportOptions.highWaterMark} waits, the others wait with it.
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

  /** @throws {OptionError} for streams that are none, or an unusable option. */
  constructor(input: Readable, output: Writable, options: PacketTransportOptions = {}) {
    checkOptions({ input, output }, streamRules, ['input', 'output']);
    checkOptions(options, packetRules);
    this.#output = output;
    this.#highWaterMark = options.highWaterMark ?? 4 * 1024 * 1024;
    // Its peer's end is told by the input's; without a listener an EPIPE would end the process.
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

  /** Tells the peer to close the pool and ends the output; resolves when the peer has answered or gone. */
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

  /** Ends everything that is under way or comes later with this error; the first one counts. */
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

  /** Sends a packet and waits for its acknowledgement. There is one of a kind under way for each target. */
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
