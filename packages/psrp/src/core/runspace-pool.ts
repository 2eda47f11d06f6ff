import { decodeBody, encodeBody, type MessageBodies } from './codecs.ts';
import { PsrpError, PsrpStateError } from './errors.ts';
import { FragmentAssembler } from './fragment-assembler.ts';
import { emptyGuid } from './guid.ts';
import { HeldBytes } from './held-bytes.ts';
import type { FragmentLimits } from './limits.ts';
import { decodeHeader, decodeMessage, encodeMessage, type Message, type MessageHeader } from './message.ts';
import { messageTypes, type Destination, type MessageType } from './message-types.ts';
import { Outbox, type OutboundData, type OutboundStream } from './outbox.ts';
import type { RunspacePoolState } from './states.ts';

/** Message types that a role receives. */
type MessageTypeTo<Role extends Destination> = {
  [Type in MessageType]: (typeof messageTypes)[Type]['to'] extends Role | 'both' ? Type : never;
}[MessageType];

/**
 * Message from the peer, by the name of its type in the specification: checking `type` narrows `body`. `pipelineId` is
 * undefined if the message belongs to the pool.
 */
export type PoolEvent<Role extends Destination> =
  | {
      [Type in MessageTypeTo<Role>]: {
        readonly type: Type;
        readonly pipelineId: string | undefined;
        readonly body: MessageBodies[Type];
      };
    }[MessageTypeTo<Role>]
  | UnreadableMessage;

/**
 * Protocol violation: an object that is too large or cannot be decoded, or a message that is not allowed here. It
 * affects its pipeline, whose stream is no longer read, or, if `pipelineId` is undefined, one message of the pool.
 */
export interface UnreadableMessage {
  readonly type: 'UNREADABLE';
  readonly pipelineId: string | undefined;
  readonly body: {
    /** Undefined if the header could not be read. */
    readonly messageType: MessageType | undefined;
    readonly error: PsrpError;
  };
}

/** Event of a decoded message. */
export type DecodedMessage<Event> = Exclude<Event, UnreadableMessage>;

interface Channel {
  readonly outbox: Outbox;
  readonly assembler: FragmentAssembler;
  /** True after a protocol violation: further data is ignored. */
  isUnreadable: boolean;
}

/**
 * Common base of both sides of a runspace pool: bytes in, events out; messages in, bytes out. No I/O, no clock, no
 * randomness. The pool and each pipeline have separate byte streams, as in transports.
 */
export abstract class RunspacePoolBase<Event extends PoolEvent<Destination>> {
  readonly #role: Destination;
  readonly #limits: FragmentLimits;
  readonly #held: HeldBytes;
  readonly #maxSent: number;
  readonly #channels = new Map<string, Channel>();
  #events: Event[] = [];
  #taken = 0;
  #objectId = 0n;
  #state: RunspacePoolState = 'BeforeOpen';

  /** @param maxSent size of the largest object that the peer accepts, in bytes. */
  protected constructor(role: Destination, limits: FragmentLimits, maxSent = Infinity) {
    this.#role = role;
    this.#limits = limits;
    this.#held = new HeldBytes(limits.maxHeldSize);
    this.#maxSent = maxSent;
    this.openChannel(emptyGuid);
  }

  /** Id of the pool. */
  abstract get id(): string;

  /** State of the pool (MS-PSRP 3.1.1.2.2). */
  get state(): RunspacePoolState {
    return this.#state;
  }

  /**
   * Takes received bytes of the pool or of one of its pipelines; `nextEvent` returns the resulting events. Bytes of a
   * released pipeline are ignored: they were in transit when it ended.
   *
   * A violation in the stream of a pipeline, or in a message of an open pool, becomes an {@link UnreadableMessage}.
   *
   * @throws {PsrpError} if the pool cannot continue: its own stream is out of sync, its state cannot be read, or it is
   * not   open yet. The pool is then broken.
   */
  receiveData(data: Uint8Array, pipelineId: string = emptyGuid): void {
    const channel = this.#channels.get(pipelineId);
    if (channel === undefined || channel.isUnreadable) return;
    try {
      for (const object of channel.assembler.read(data)) {
        this.#receiveObject(object, pipelineId, channel);
        if (isUnreadable(channel)) return;
      }
    } catch (error) {
      if (pipelineId !== emptyGuid && error instanceof PsrpError) {
        this.#giveUp(channel, pipelineId, undefined, error);
        return;
      }
      this.#state = 'Broken';
      throw error;
    }
  }

  /** Counts bytes of this pool that are held elsewhere (unread values). Negative numbers release bytes. */
  hold(bytes: number): void {
    this.#held.change(bytes);
  }

  /** Number of bytes that the pool holds. */
  get heldBytes(): number {
    return this.#held.size;
  }

  /** Returns the next event; undefined if there is none. */
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
   * Returns up to `maxBytes` of fragments to send for the pool or for one of its pipelines; undefined if nothing is
   * queued.
   *
   * @throws {RangeError} if `maxBytes` cannot hold a fragment.
   */
  dataToSend(maxBytes: number, pipelineId: string = emptyGuid): OutboundData | undefined {
    return this.#channels.get(pipelineId)?.outbox.take(maxBytes);
  }

  /** Returns the number of queued bytes of content, without fragment headers. */
  pendingBytes(pipelineId: string = emptyGuid): number {
    return this.#channels.get(pipelineId)?.outbox.size ?? 0;
  }

  /** Releases a pipeline. Bytes that still arrive for it are ignored. */
  releasePipeline(pipelineId: string): void {
    if (pipelineId === emptyGuid) return;
    this.#channels.get(pipelineId)?.assembler.discard();
    this.#channels.delete(pipelineId);
  }

  /**
   * Applies a message to the state and returns whether it is an event for the caller.
   *
   * @throws {PsrpError} if the message is not allowed in this state.
   */
  protected abstract accept(event: DecodedMessage<Event>, message: Message): boolean;

  /** Returns whether the pool can continue without one of its messages that cannot be read. */
  protected abstract canMiss(type: MessageType | undefined): boolean;

  protected setState(state: RunspacePoolState): void {
    this.#state = state;
  }

  /** @throws {PsrpStateError} if the pool is in none of these states. */
  protected expectState(action: string, ...expected: RunspacePoolState[]): void {
    if (!expected.includes(this.#state)) throw new PsrpStateError(action, this.#state, expected);
  }

  protected openChannel(pipelineId: string): void {
    const outbox = new Outbox(() => (this.#objectId += 1n), this.#maxSent);
    const assembler = new FragmentAssembler(this.#limits, this.#held);
    this.#channels.set(pipelineId, { outbox, assembler, isUnreadable: false });
  }

  protected hasChannel(pipelineId: string): boolean {
    return this.#channels.has(pipelineId);
  }

  /**
   * Queues a message for the peer.
   *
   * @throws {PsrpError} `object-too-large` if the peer would not accept the object.
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

  #receiveObject(object: Uint8Array, channelId: string, channel: Channel): void {
    let header: MessageHeader | undefined;
    try {
      header = decodeHeader(object);
      this.#checkPlace(header, channelId);
      this.#receive(decodeMessage(object));
    } catch (error) {
      if (!(error instanceof PsrpError)) throw error;
      const type = header?.type;
      if (channelId !== emptyGuid) this.#giveUp(channel, channelId, type, error);
      else if (this.canMiss(type)) this.#tellUnreadable(undefined, type, error);
      else throw error;
    }
  }

  #receive(message: Message): void {
    const { type } = message;
    const pipelineId = message.pipelineId === emptyGuid ? undefined : message.pipelineId;
    // #checkPlace has verified that this role receives the type.
    const event = { type, pipelineId, body: decodeBody(type, message.payload) } as DecodedMessage<Event>;
    if (this.accept(event, message)) this.#events.push(event);
  }

  #checkPlace(header: MessageHeader, channelId: string): void {
    const { type } = header;
    const { to, scope } = messageTypes[type];
    if (header.destination !== this.#role || (to !== this.#role && to !== 'both')) {
      throw new PsrpError('message-unexpected', `${type} is not valid for a ${this.#role}`);
    }
    const pipelineId = header.pipelineId === emptyGuid ? undefined : header.pipelineId;
    if ((scope === 'pipeline') !== (pipelineId !== undefined)) {
      // GET_COMMAND_METADATA and CREATE_PIPELINE name their pipeline too, so a message without one cannot be placed.
      throw new PsrpError('message-malformed', `${type} with pipeline ${header.pipelineId}`);
    }
    if (pipelineId !== undefined && pipelineId !== channelId) {
      // Back-pressure on that pipeline works through its own stream only.
      throw new PsrpError(
        'message-unexpected',
        `${type} of pipeline ${pipelineId} arrived on another stream`,
      );
    }
  }

  /** Stops reading a pipeline: its result would be wrong, and nothing else depends on its stream. */
  #giveUp(channel: Channel, pipelineId: string, type: MessageType | undefined, error: PsrpError): void {
    channel.isUnreadable = true;
    channel.assembler.discard();
    this.#tellUnreadable(pipelineId, type, error);
  }

  #tellUnreadable(
    pipelineId: string | undefined,
    messageType: MessageType | undefined,
    error: PsrpError,
  ): void {
    const unreadable: UnreadableMessage = { type: 'UNREADABLE', pipelineId, body: { messageType, error } };
    // Every event union contains it, which TypeScript cannot infer for a type parameter.
    this.#events.push(unreadable as Event);
  }
}

/** Reads the flag again after a call: TypeScript would assume its earlier value. */
function isUnreadable(channel: Channel): boolean {
  return channel.isUnreadable;
}

/**
 * Refuses a peer that does not speak version 2 of the protocol (MS-PSRP 3.1.5.4.1).
 *
 * @throws {PsrpError} `version-unsupported`.
 */
export function checkProtocolVersion(version: string): void {
  const [major, minor] = version.split('.').map(Number);
  if (major !== 2 || minor === undefined || !Number.isInteger(minor)) {
    throw new PsrpError('version-unsupported', `The peer speaks protocol version ${version}`);
  }
}
