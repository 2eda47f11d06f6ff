import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseClixmlValue, psList, psObject } from '../../../src/clixml/index.ts';
import {
  emptyGuid,
  encodeMessage,
  FragmentAssembler,
  messageTypeOf,
  messageTypes,
  type MessageType,
} from '../../../src/core/index.ts';
import { readRequest, requestEnvelope, type ActionName } from '../../../src/wsman/index.ts';
import { conversations, packetsFrom } from '../../core/support/conversations.ts';
import { recordOwnTraffic } from './own-traffic.ts';

/** A message of one side, with the pipeline whose stream carried it. */
export interface RecordedMessage {
  readonly target: string | undefined;
  readonly bytes: Buffer;
}

/** What one side of a pool received, message by message. */
export interface RecordedStream {
  readonly receiver: 'client' | 'server';
  readonly poolId: string;
  readonly messages: readonly RecordedMessage[];
}

/** Everything that is mutated. */
export interface Recordings {
  readonly requests: readonly Buffer[];
  readonly responses: readonly { readonly action: ActionName; readonly bytes: Buffer }[];
  readonly clixml: readonly Buffer[];
  readonly streams: readonly RecordedStream[];
}

/** Messages of a stream that are used; the longest recordings repeat themselves. */
const maxMessages = 40;
const maxMessageBytes = 65_536;

function short(messages: readonly RecordedMessage[]): RecordedMessage[] {
  return messages.filter(({ bytes }) => bytes.length <= maxMessageBytes).slice(0, maxMessages);
}

function goldenStreams(): RecordedStream[] {
  return conversations.flatMap((conversation) =>
    (['client', 'server'] as const).map((sender): RecordedStream => {
      const assemblers = new Map<string, FragmentAssembler>();
      const messages: RecordedMessage[] = [];
      for (const packet of packetsFrom(conversation, sender)) {
        if (packet.type !== 'Data') continue;
        const assembler = assemblers.get(packet.psGuid) ?? new FragmentAssembler();
        assemblers.set(packet.psGuid, assembler);
        const target = packet.psGuid === emptyGuid ? undefined : packet.psGuid;
        for (const bytes of assembler.push(packet.data)) messages.push({ target, bytes: Buffer.from(bytes) });
      }
      return streamOf(sender === 'client' ? 'server' : 'client', messages);
    }),
  );
}

const windows = new URL('../../../../../../shared/golden/windows/messages.jsonl', import.meta.url);

/** Whether there are recordings of Windows hosts beside the checkout. */
export const hasWindows = existsSync(windows);

function windowsStreams(): RecordedStream[] {
  if (!hasWindows) return [];
  const rows = readFileSync(windows, 'utf8')
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row) as Record<string, string>);
  const bySide = Map.groupBy(rows, ({ recording, direction }) => `${recording ?? ''} ${direction ?? ''}`);
  return [...bySide.values()].map((list) => {
    const messages = list.flatMap(({ type: code, pool = '', pipeline = '', xml = '' }): RecordedMessage[] => {
      const type = messageTypeOf(Number(code));
      if (type === undefined) return [];
      const payload = xml === '' ? undefined : parseClixmlValue(xml);
      const destination = list[0]?.['direction'] === 'client' ? 'server' : 'client';
      const bytes = encodeMessage({ destination, type, poolId: pool, pipelineId: pipeline, payload });
      return [{ target: pipeline === emptyGuid ? undefined : pipeline, bytes: Buffer.from(bytes) }];
    });
    return streamOf(list[0]?.['direction'] === 'client' ? 'server' : 'client', messages);
  });
}

function streamOf(receiver: 'client' | 'server', messages: readonly RecordedMessage[]): RecordedStream {
  const first = messages[receiver === 'client' ? 1 : 0]?.bytes;
  return { receiver, poolId: first === undefined ? emptyGuid : guidAt(first, 8), messages: short(messages) };
}

function guidAt(bytes: Buffer, at: number): string {
  const hex = (from: number, to: number): string => bytes.toString('hex', at + from, at + to);
  const turned = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(at + from, at + to))
      .reverse()
      .toString('hex');
  return `${turned(0, 4)}-${turned(4, 6)}-${turned(6, 8)}-${hex(8, 10)}-${hex(10, 16)}`;
}

/** A message of every type behind the real beginning of a pool: what no recording has. */
function everyType(streams: readonly RecordedStream[]): RecordedStream[] {
  const payload = psObject({
    ci: 1n,
    mi: 11,
    mp: psList(['x']),
    PipelineState: 4,
    RunspaceState: 2,
    MaxRunspaces: 2,
  });
  return (['client', 'server'] as const).flatMap((receiver) => {
    const opening = streams.find((stream) => stream.receiver === receiver);
    if (opening === undefined) return [];
    const target = opening.messages.find((message) => message.target !== undefined)?.target ?? emptyGuid;
    const begin = opening.messages.filter((message) => message.target === undefined).slice(0, 3);
    return (Object.keys(messageTypes) as MessageType[])
      .filter((type) => messageTypes[type].to !== (receiver === 'client' ? 'server' : 'client'))
      .map((type): RecordedStream => {
        const inPipeline = messageTypes[type].scope === 'pipeline';
        const pipelineId = inPipeline ? target : emptyGuid;
        const bytes = encodeMessage({
          destination: receiver,
          type,
          poolId: opening.poolId,
          pipelineId,
          payload,
        });
        const last = { target: inPipeline ? target : undefined, bytes: Buffer.from(bytes) };
        return { receiver, poolId: opening.poolId, messages: [...begin, last] };
      });
  });
}

function rarelySaid(): Buffer[] {
  const header = {
    to: 'http://h/wsman',
    messageId: 'M',
    sessionId: 'S',
    operationTimeoutMs: 1,
    maxEnvelopeSize: 1,
  };
  const shell = { resourceUri: 'r', shellId: 'S' };
  return [
    requestEnvelope<'disconnect'>({ action: 'disconnect', ...shell, idleTimeoutMs: 60_000 }, header),
    requestEnvelope<'reconnect'>({ action: 'reconnect', ...shell }, header),
    requestEnvelope<'connect'>({ action: 'connect', ...shell, connectXml: Buffer.from('x') }, header),
  ].map((text) => Buffer.from(text));
}

function clixmlFiles(): Buffer[] {
  const folder = new URL('../../../testdata/golden/clixml/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.clixml'))
    .map((name) => readFileSync(new URL(name, folder)))
    .filter(({ length }) => length <= maxMessageBytes);
}

/** Our own traffic, made now, and what others recorded. */
export async function allRecordings(): Promise<Recordings> {
  const own = await recordOwnTraffic();
  const recorded = [...goldenStreams(), ...windowsStreams()];
  const streams = [...recorded, ...everyType(recorded)].filter(({ messages }) => messages.length > 0);
  const requests = [...own.map(({ request }) => request), ...rarelySaid()];
  const responses = own.flatMap(({ request, response }) => {
    const read = readRequest(request.toString());
    return read.kind === 'request' ? [{ action: read.request.action, bytes: response }] : [];
  });
  return { requests, responses, clixml: clixmlFiles(), streams };
}
