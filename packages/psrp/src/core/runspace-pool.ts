import { decodeBody, encodeBody, type MessageBodies } from './codecs.ts';
import { PsrpError, PsrpStateError } from './errors.ts';
import { FragmentAssembler, type FragmentLimits } from './fragment.ts';
import { emptyGuid } from './guid.ts';
import { decodeMessage, encodeMessage, type Message } from './message.ts';
import { messageTypes, type Destination, type MessageType } from './message-types.ts';
import { Outbox, type OutboundData, type OutboundStream } from './outbox.ts';
import type { RunspacePoolState } from './states.ts';

/** The types of message that a role receives. */
export type MessageTypeTo<Role extends Destination> = {
  [Type in MessageType]: (typeof messageTypes)[Type]['to'] extends Role | 'both' ? Type : never;
}[MessageType];

/**
 * What came from the peer, by the specification's name of its message: checking `type` narrows `body`. `pipelineId` is
 * undefined for what belongs to the pool.
 */
export type PoolEvent<Role extends Destination> = {
  [Type in MessageTypeTo<Role>]: {
    readonly type: Type;
    readonly pipelineId: string | undefined;
    readonly body: MessageBodies[Type];
  };
}[MessageTypeTo<Role>];

interface Channel {
  readonly outbox: Outbox;
  readonly assembler: FragmentAssembler;
}

/**
 * What both ends of a runspace pool share: bytes in, events out, messages in, bytes out. No I/O, no clock, nothing
 * random. Bytes of the pool and of each pipeline are streams of their own, as transports keep them.
 */
export abstract class RunspacePoolBase<Event extends PoolEvent<Destination>> {
  readonly #role: Destination;
  readonly #limits: Partial<FragmentLimits>;
  readonly #maxSent: number;
  readonly #channels = new Map<string, Channel>();
  #events: Event[] = [];
  #taken = 0;
  #objectId = 0n;
  #state: RunspacePoolState = 'BeforeOpen';

  /** @param maxSent bytes of the largest object that the peer takes. */
  protected constructor(role: Destination, limits: Partial<FragmentLimits>, maxSent = Infinity) {
    this.#role = role;
    this.#limits = limits;
    this.#maxSent = maxSent;
    this.openChannel(emptyGuid);
  }

  /** The pool's id. */
  abstract get id(): string;

  /** Where the pool is in its life (MS-PSRP 3.1.1.2.2). */
  get state(): RunspacePoolState {
    return this.#state;
  }

  /**
   * Takes bytes that came for the pool, or for one of its pipelines. What they say is read with `nextEvent`. Bytes for a
   * pipeline that has been released are ignored: they were under way when it ended.
   *
   * @throws {PsrpError} when the bytes cannot be what the protocol says; the pool is broken from then on.
   */
  receiveData(data: Uint8Array, pipelineId: string = emptyGuid): void {
    const channel = this.#channels.get(pipelineId);
    if (channel === undefined) return;
    try {
      for (const object of channel.assembler.push(data)) this.#receive(decodeMessage(object), pipelineId);
    } catch (error) {
      this.#state = 'Broken';
      throw error;
    }
  }

  /** The next thing that the peer said, or undefined. */
  nextEvent(): Event | undefined {
    const event = this.#events[this.#taken];
    if (event === undefined) {
      this.#events = [];
      this.#taken = 0;
      return undefined;
    }
    this.#taken += 1;
    return event;
  }

  /**
   * Up to `maxBytes` of fragments to send for the pool or for one of its pipelines; undefined when nothing waits.
   *
   * @throws {RangeError} if `maxBytes` cannot hold a fragment.
   */
  dataToSend(maxBytes: number, pipelineId: string = emptyGuid): OutboundData | undefined {
    return this.#channels.get(pipelineId)?.outbox.take(maxBytes);
  }

  /** How many bytes of content `dataToSend` has to give, without the headers of their fragments. */
  pendingBytes(pipelineId: string = emptyGuid): number {
    return this.#channels.get(pipelineId)?.outbox.size ?? 0;
  }

  /** Forgets a pipeline; bytes that still come for it are ignored. */
  releasePipeline(pipelineId: string): void {
    if (pipelineId !== emptyGuid) this.#channels.delete(pipelineId);
  }

  /** Applies a message to the state and says whether it is an event for the caller. */
  protected abstract accept(event: Event, message: Message): boolean;

  protected setState(state: RunspacePoolState): void {
    this.#state = state;
  }

  /** @throws {PsrpStateError} unless the pool is in one of the states. */
  protected expectState(action: string, ...expected: RunspacePoolState[]): void {
    if (!expected.includes(this.#state)) throw new PsrpStateError(action, this.#state, expected);
  }

  protected openChannel(pipelineId: string): void {
    const outbox = new Outbox(() => (this.#objectId += 1n), this.#maxSent);
    this.#channels.set(pipelineId, { outbox, assembler: new FragmentAssembler(this.#limits) });
  }

  protected hasChannel(pipelineId: string): boolean {
    return this.#channels.has(pipelineId);
  }

  /**
   * Queues a message for the peer.
   *
   * @throws {PsrpError} `object-too-large` for one that the peer would not take.
   */
  protected post<Type extends MessageType>(
    type: Type,
    body: MessageBodies[Type],
    target: { poolId?: string; pipelineId?: string; stream?: OutboundStream } = {},
  ): void {
    const { poolId = this.id, pipelineId = emptyGuid, stream } = target;
    const destination = this.#role === 'client' ? 'server' : 'client';
    const payload = encodeBody(type, body);
    const bytes = encodeMessage({ destination, type, poolId, pipelineId, payload });
    this.#channels.get(pipelineId)?.outbox.push(bytes, stream);
  }

  #receive(message: Message, channelId: string): void {
    const { type } = message;
    const { to, scope } = messageTypes[type];
    if (message.destination !== this.#role || (to !== this.#role && to !== 'both')) {
      throw new PsrpError('message-unexpected', `${type} is not for a ${this.#role}`);
    }
    const pipelineId = message.pipelineId === emptyGuid ? undefined : message.pipelineId;
    if ((scope === 'pipeline') !== (pipelineId !== undefined)) {
      // GET_COMMAND_METADATA and CREATE_PIPELINE name their pipeline too, so a message without one cannot be placed.
      throw new PsrpError('message-malformed', `${type} with pipeline ${message.pipelineId}`);
    }
    if (pipelineId !== undefined && pipelineId !== channelId) {
      // Whoever reads that pipeline is held back by its own stream only.
      throw new PsrpError('message-unexpected', `${type} of pipeline ${pipelineId} came by another stream`);
    }
    // The check above is what makes the type one of this role's.
    const event = { type, pipelineId, body: decodeBody(type, message.payload) } as Event;
    if (this.accept(event, message)) this.#events.push(event);
  }
}

/**
 * Refuses what does not speak version 2 of the protocol (MS-PSRP 3.1.5.4.1).
 *
 * @throws {PsrpError} `version-unsupported`.
 */
export function checkProtocolVersion(version: string): void {
  const [major, minor] = version.split('.').map(Number);
  if (major !== 2 || minor === undefined || !Number.isInteger(minor)) {
    throw new PsrpError('version-unsupported', `The peer speaks protocol version ${version}`);
  }
}
