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

/** The types of message that a role receives. */
type MessageTypeTo<Role extends Destination> = {
  [Type in MessageType]: (typeof messageTypes)[Type]['to'] extends Role | 'both' ? Type : never;
}[MessageType];

/**
 * What came from the peer, by the specification's name of its message: checking `type` narrows `body`. `pipelineId` is
 * undefined for what belongs to the pool.
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
 * Something that the protocol does not allow: an object that is too large, one that cannot be decoded, a message that may
 * not come here. It concerns its pipeline, of which nothing more is read, or, where `pipelineId` is undefined, that one
 * message of the pool.
 */
export interface UnreadableMessage {
  readonly type: 'UNREADABLE';
  readonly pipelineId: string | undefined;
  readonly body: {
    /** Undefined where not even the header could be read. */
    readonly messageType: MessageType | undefined;
    readonly error: PsrpError;
  };
}

/** What was decoded of a message. */
export type DecodedMessage<Event> = Exclude<Event, UnreadableMessage>;

interface Channel {
  readonly outbox: Outbox;
  readonly assembler: FragmentAssembler;
  /** Something in it could not be read: what still comes is ignored. */
  isUnreadable: boolean;
}

/**
 * What both ends of a runspace pool share: bytes in, events out, messages in, bytes out. No I/O, no clock, nothing
 * random. Bytes of the pool and of each pipeline are streams of their own, as transports keep them.
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

  /** @param maxSent bytes of the largest object that the peer takes. */
  protected constructor(role: Destination, limits: FragmentLimits, maxSent = Infinity) {
    this.#role = role;
    this.#limits = limits;
    this.#held = new HeldBytes(limits.maxHeldSize);
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
   * What cannot be read in the stream of a pipeline, or in a message of an open pool, is an {@link UnreadableMessage}.
   *
   * @throws {PsrpError} when the pool cannot go on: its own stream is out of step, its state cannot be read, or it was not
   * open yet. It is broken from then on.
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

  /** Counts bytes of this pool that are held elsewhere (values that wait to be read); negative ones are held no more. */
  hold(bytes: number): void {
    this.#held.change(bytes);
  }

  /** Bytes that the pool holds now. */
  get heldBytes(): number {
    return this.#held.size;
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
    if (pipelineId === emptyGuid) return;
    this.#channels.get(pipelineId)?.assembler.discard();
    this.#channels.delete(pipelineId);
  }

  /**
   * Applies a message to the state and says whether it is an event for the caller.
   *
   * @throws {PsrpError} for a message that may not come now.
   */
  protected abstract accept(event: DecodedMessage<Event>, message: Message): boolean;

  /** Whether the pool can go on without a message of its own that cannot be read. */
  protected abstract canMiss(type: MessageType | undefined): boolean;

  protected setState(state: RunspacePoolState): void {
    this.#state = state;
  }

  /** @throws {PsrpStateError} unless the pool is in one of the states. */
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
    // checkPlace is what makes the type one of this role's.
    const event = { type, pipelineId, body: decodeBody(type, message.payload) } as DecodedMessage<Event>;
    if (this.accept(event, message)) this.#events.push(event);
  }

  #checkPlace(header: MessageHeader, channelId: string): void {
    const { type } = header;
    const { to, scope } = messageTypes[type];
    if (header.destination !== this.#role || (to !== this.#role && to !== 'both')) {
      throw new PsrpError('message-unexpected', `${type} is not for a ${this.#role}`);
    }
    const pipelineId = header.pipelineId === emptyGuid ? undefined : header.pipelineId;
    if ((scope === 'pipeline') !== (pipelineId !== undefined)) {
      // GET_COMMAND_METADATA and CREATE_PIPELINE name their pipeline too, so a message without one cannot be placed.
      throw new PsrpError('message-malformed', `${type} with pipeline ${header.pipelineId}`);
    }
    if (pipelineId !== undefined && pipelineId !== channelId) {
      // The reader of that pipeline is held back by its own stream only.
      throw new PsrpError('message-unexpected', `${type} of pipeline ${pipelineId} came by another stream`);
    }
  }

  /** Reads no more of a pipeline: its result would be wrong, and nothing else depends on its stream. */
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
    // Every union of events holds it; TypeScript cannot see that of a type parameter.
    this.#events.push(unreadable as Event);
  }
}

/** Asked again after a call: TypeScript would go by what it was before. */
function isUnreadable(channel: Channel): boolean {
  return channel.isUnreadable;
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
