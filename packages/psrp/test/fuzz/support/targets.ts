import { ClixmlError, parseClixml, toPlain } from '../../../src/clixml/index.ts';
import {
  ClientRunspacePool,
  encodeFragment,
  messageHeaderSize,
  PsrpError,
  ServerRunspacePool,
} from '../../../src/core/index.ts';
import { buildEncryptedBody, GssapiError, parseEncryptedBody } from '../../../src/gssapi/index.ts';
import {
  EnvelopeError,
  readIdentity,
  readRequest,
  readResponse,
  tryReadFault,
} from '../../../src/wsman/index.ts';
import { mutate } from './mutations.ts';
import type { Random } from './random.ts';
import type { RecordedMessage, RecordedStream, Recordings } from './recordings.ts';

/** Bytes of the longest case. */
export const maxCaseBytes = 200_000;

type Target = (recordings: Recordings, random: Random) => void;

/** Whether a case may end in this. */
export function isTyped(error: unknown): boolean {
  return [EnvelopeError, PsrpError, ClixmlError, GssapiError].some((type) => error instanceof type);
}

function requests({ requests: all }: Recordings, random: Random): void {
  readRequest(mutate(random.pick(all), random, random.pick(all), 'xml', maxCaseBytes).toString());
}

function responses({ responses: all }: Recordings, random: Random): void {
  const { action, bytes } = random.pick(all);
  const text = mutate(bytes, random, random.pick(all).bytes, 'xml', maxCaseBytes).toString();
  tryReadFault(text);
  if (random.below(4) === 0) readIdentity(text);
  readResponse(random.below(4) === 0 ? random.pick(all).action : action, text);
}

function clixml({ clixml: all }: Recordings, random: Random): void {
  for (const value of parseClixml(mutate(random.pick(all), random, random.pick(all), 'xml', maxCaseBytes))) {
    toPlain(value);
  }
}

function sealed({ requests: all }: Recordings, random: Random): void {
  const data = random.pick(all);
  const signature = Buffer.alloc(random.pick([0, 16, 60, 256]), 7);
  const { contentType, body } = buildEncryptedBody({ signature, data }, 'application/soap+xml;charset=UTF-8');
  const other = random.below(2) === 0 ? body : data;
  if (random.below(4) === 0) {
    const type = mutate(Buffer.from(contentType), random, Buffer.from(contentType), 'bytes', 1_000);
    parseEncryptedBody({ contentType: type.toString('latin1'), body });
  }
  parseEncryptedBody({ contentType, body: mutate(body, random, other, 'bytes', maxCaseBytes) });
}

function clientHalf({ streams }: Recordings, random: Random): void {
  const { poolId, messages } = random.pick(streams.filter(({ receiver }) => receiver === 'client'));
  const client = new ClientRunspacePool({ id: poolId });
  const pipelines = new Set<string>();
  // What concerns one pipeline only does not end the pool: it counts as an error all the same.
  let unreadable: PsrpError | undefined;
  client.open();
  for (const { target, chunks } of mutated(messages, streams, random)) {
    if (target !== undefined && !pipelines.has(target) && client.state === 'Opened') {
      pipelines.add(target);
      const statements = [
        [{ text: 'x', isScript: false, useLocalScope: false, parameters: [], mergeErrorToOutput: false }],
      ];
      client.createPipeline(target, {
        statements,
        noInput: true,
        addToHistory: false,
        isNested: false,
        remoteStreamOptions: 0,
      });
    }
    for (const chunk of chunks) client.receiveData(chunk, target);
    for (let event = client.nextEvent(); event !== undefined; event = client.nextEvent()) {
      if (event.type === 'UNREADABLE') unreadable ??= event.body.error;
    }
  }
  if (unreadable !== undefined) throw unreadable;
}

function serverHalf({ streams }: Recordings, random: Random): void {
  const { messages } = random.pick(streams.filter(({ receiver }) => receiver === 'server'));
  const server = new ServerRunspacePool();
  let unreadable: PsrpError | undefined;
  for (const { target, chunks } of mutated(messages, streams, random)) {
    if (target !== undefined) server.expectPipeline(target);
    for (const chunk of chunks) server.receiveData(chunk, target);
    for (let event = server.nextEvent(); event !== undefined; event = server.nextEvent()) {
      if (event.type === 'INIT_RUNSPACEPOOL') server.open();
      if (event.type === 'UNREADABLE') unreadable ??= event.body.error;
    }
    while (server.dataToSend(32_768) !== undefined);
  }
  if (unreadable !== undefined) throw unreadable;
}

interface Chunks {
  readonly target: string | undefined;
  readonly chunks: readonly Uint8Array[];
}

/** A stream one of whose messages, or its fragments, are changed. */
function* mutated(
  messages: readonly RecordedMessage[],
  streams: readonly RecordedStream[],
  random: Random,
): Generator<Chunks> {
  const place = random.below(messages.length);
  for (const [index, { target, bytes }] of messages.entries()) {
    const objectId = BigInt(index + 1);
    if (index !== place) {
      yield { target, chunks: [fragment(objectId, 0n, true, true, bytes)] };
      continue;
    }
    const other = random.pick(random.pick(streams).messages).bytes;
    if (random.below(3) > 0) {
      // The content: what is behind the header is XML, so that readers behind the assembler are reached.
      const header =
        random.below(8) === 0
          ? mutate(bytes.subarray(0, messageHeaderSize), random, other, 'bytes', 60)
          : bytes.subarray(0, messageHeaderSize);
      const xml = mutate(
        bytes.subarray(messageHeaderSize),
        random,
        other.subarray(messageHeaderSize),
        'xml',
        maxCaseBytes,
      );
      yield { target, chunks: [fragment(objectId, 0n, true, true, Buffer.concat([header, xml]))] };
    } else yield { target, chunks: scattered(objectId, bytes, random, other) };
    if (random.below(4) === 0) yield { target, chunks: [fragment(objectId, 0n, true, true, bytes)] };
  }
}

/** Several fragments that are swapped, repeated, dropped, or changed in their headers. */
function scattered(objectId: bigint, bytes: Buffer, random: Random, other: Buffer): Uint8Array[] {
  const size = 1 + random.below(Math.max(1, bytes.length));
  const count = Math.ceil(bytes.length / size);
  if (count > 200)
    return [mutate(fragment(objectId, 0n, true, true, bytes), random, other, 'bytes', maxCaseBytes)];
  const fragments = Array.from({ length: count }, (_, index) =>
    fragment(
      objectId,
      BigInt(index),
      index === 0,
      index === count - 1,
      bytes.subarray(index * size, (index + 1) * size),
    ),
  );
  const [from, to] = [random.below(count), random.below(count)];
  const [one, two] = [fragments[from], fragments[to]];
  if (one !== undefined && two !== undefined) [fragments[from], fragments[to]] = [two, one];
  if (random.below(2) === 0) fragments.splice(random.below(count), random.below(2), random.pick(fragments));
  if (random.below(2) === 0) return fragments;
  return [mutate(Buffer.concat(fragments), random, other, 'bytes', maxCaseBytes)];
}

function fragment(objectId: bigint, fragmentId: bigint, start: boolean, end: boolean, blob: Buffer): Buffer {
  return Buffer.from(encodeFragment({ objectId, fragmentId, start, end, blob }));
}

/** What cases are fed to, one after the other. */
export const targets = {
  requests,
  responses,
  clixml,
  sealed,
  clientHalf,
  serverHalf,
} as const satisfies Record<string, Target>;
