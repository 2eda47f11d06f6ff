import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { primitiveOf } from '../../src/clixml/index.ts';
import {
  ClientRunspacePool,
  decodeBody,
  decodeMessage,
  emptyGuid,
  encodeBody,
  encodeFragment,
  encodeMessage,
  FragmentAssembler,
  isFinal,
  messageHeaderSize,
  messageTypeOf,
  messageTypes,
  ServerRunspacePool,
  type ClientPipeline,
  type Message,
  type MessageType,
} from '../../src/core/index.ts';
import { parseClixmlValue } from '../../src/clixml/index.ts';
import { canonicalXml } from './support/canonical-xml.ts';
import { conversations, packetsFrom, type Conversation } from './support/conversations.ts';

/** The names that the recording's independent client gives the messages of a pipeline. */
const recordedNames: Partial<Record<MessageType, string>> = {
  PIPELINE_OUTPUT: 'PipelineOutputEvent',
  ERROR_RECORD: 'ErrorRecordEvent',
  WARNING_RECORD: 'WarningRecordEvent',
  VERBOSE_RECORD: 'VerboseRecordEvent',
  DEBUG_RECORD: 'DebugRecordEvent',
  INFORMATION_RECORD: 'InformationRecordEvent',
  PROGRESS_RECORD: 'ProgressRecordEvent',
  PIPELINE_STATE: 'PipelineStateEvent',
  PIPELINE_HOST_CALL: 'PipelineHostCallEvent',
};

describe.each(conversations)('conversation $name', (conversation) => {
  test('yields exactly the recorded events and states to the client half', () => {
    const { id, pipelineIds } = identities(conversation);
    const client = new ClientRunspacePool({ id, maxRunspaces: 2 });
    client.open();
    const states: string[] = [];
    const events = new Map<string, string[]>();
    const finals = new Map<string, string>();
    let created = 0;
    for (const packet of packetsFrom(conversation, 'server')) {
      if (packet.type === 'CommandAck') {
        expect(packet.psGuid).toBe(pipelineIds[created]);
        const statements = [[command(conversation.scripts[created]?.script ?? '')]];
        client.createPipeline(packet.psGuid, {
          statements,
          noInput: true,
          addToHistory: false,
          isNested: false,
          remoteStreamOptions: 0,
        });
        created += 1;
      }
      if (packet.type !== 'Data') continue;
      client.receiveData(packet.data, packet.psGuid);
      for (let event = client.nextEvent(); event !== undefined; event = client.nextEvent()) {
        if (event.type === 'RUNSPACEPOOL_STATE') states.push(event.body.state);
        if (event.pipelineId === undefined) continue;
        const list = events.get(event.pipelineId) ?? [];
        list.push(event.type === 'UNREADABLE' ? event.type : (recordedNames[event.type] ?? event.type));
        events.set(event.pipelineId, list);
        if (event.type === 'PIPELINE_STATE' && isFinal(event.body.state)) {
          finals.set(event.pipelineId, event.body.state);
        }
      }
    }
    expect(states).toEqual(['Opened', 'Closing', 'Closed']);
    for (const [index, { events: expected }] of conversation.scripts.entries()) {
      const seen = events.get(pipelineIds[index] ?? '') ?? [];
      expect(typeof expected === 'string' ? `${seen.length} events` : seen).toEqual(expected);
    }
    expect(pipelineIds.map((pipeline) => `PSInvocationState.${finals.get(pipeline) ?? ''}`)).toEqual(
      conversation.scripts.map((script) => script.state),
    );
  });

  test('gives every script and argument to the server half', () => {
    const server = new ServerRunspacePool();
    const scripts: string[] = [];
    const arguments_: unknown[] = [];
    for (const packet of packetsFrom(conversation, 'client')) {
      if (packet.type === 'Command') server.expectPipeline(packet.psGuid);
      if (packet.type !== 'Data') continue;
      server.receiveData(packet.data, packet.psGuid);
      for (let event = server.nextEvent(); event !== undefined; event = server.nextEvent()) {
        if (event.type === 'INIT_RUNSPACEPOOL') server.open();
        if (event.type !== 'CREATE_PIPELINE') continue;
        for (const { text, isScript, parameters } of event.body.statements.flat()) {
          expect(isScript).toBe(true);
          scripts.push(text);
          arguments_.push(...parameters.map(({ value }) => primitiveOf(value) ?? value));
        }
      }
    }
    expect(scripts).toEqual(conversation.scripts.map(({ script }) => script));
    expect(arguments_).toEqual([]);
  });

  test('has only messages that survive a round trip, except for reference numbers', () => {
    let count = 0;
    for (const { bytes, message } of messagesOf(conversation)) {
      const original = Buffer.from(bytes.subarray(messageHeaderSize)).toString('utf8');
      const again = Buffer.from(encodeMessage(message));
      expect(again.subarray(0, messageHeaderSize).equals(bytes.subarray(0, messageHeaderSize))).toBe(true);
      expect(canonicalXml(again.subarray(messageHeaderSize).toString('utf8'))).toBe(canonicalXml(original));
      expectSameBody(message);
      count += 1;
    }
    expect(count).toBeGreaterThan(4);
  });
});

test('there are nine conversations', () => expect(conversations).toHaveLength(9));

describe('messages of Windows PowerShell hosts', () => {
  const file = new URL('../../../../../shared/golden/windows/messages.jsonl', import.meta.url);
  test.skipIf(!existsSync(file))(
    'can be parsed, every one (skipped without ../shared/golden/windows)',
    () => {
      const rows = readFileSync(file, 'utf8').trim().split('\n');
      for (const row of rows) {
        const { type: hex, xml, direction } = JSON.parse(row) as Record<'type' | 'xml' | 'direction', string>;
        const type = messageTypeOf(Number(hex));
        if (type === undefined) throw new Error(`Unknown type ${hex}`);
        expect([direction === 'client' ? 'server' : 'client', 'both']).toContain(messageTypes[type].to);
        const payload = xml === '' ? undefined : parseClixmlValue(xml);
        expectSameBody({ destination: 'client', type, poolId: emptyGuid, pipelineId: emptyGuid, payload });
      }
      expect(rows.length).toBeGreaterThan(200);
    },
  );

  test.skipIf(!existsSync(file))(
    'lead the client half through every recording (skipped without ../shared/golden/windows)',
    () => {
      const rows = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row) as WindowsRow);
      const recordings = [...Map.groupBy(rows, ({ recording }) => recording)].flatMap(([, list]) =>
        sessions(list),
      );
      const ends = recordings.flatMap(replay);
      expect(recordings.length).toBeGreaterThan(15);
      expect(Object.groupBy(ends, (end) => end)).toMatchObject({ Completed: expect.any(Array) as unknown });
      expect(ends.filter((end) => end === 'Running')).toEqual([]);
    },
  );
});

interface WindowsRow {
  readonly recording: string;
  readonly direction: 'client' | 'server';
  readonly type: string;
  readonly pool: string;
  readonly pipeline: string;
  readonly xml: string;
}

/** The rows of each pool: a host's capability names none, so it belongs to the client that spoke last. */
function sessions(rows: readonly WindowsRow[]): WindowsRow[][] {
  let last = '';
  const pools = Map.groupBy(rows, ({ pool }) => (last = pool === emptyGuid ? last : pool));
  return [...pools.values()];
}

/** Feeds the host's messages to a client half that does what the recorded client did; returns its pipelines' states. */
function replay(rows: readonly WindowsRow[]): string[] {
  const client = new ClientRunspacePool({ id: rows[0]?.pool ?? '' });
  client.open();
  const pipelines: ClientPipeline[] = [];
  let objectId = 0n;
  for (const { direction, type: code, pool, pipeline, xml } of rows) {
    const type = messageTypeOf(Number(code));
    if (type === undefined) throw new Error(`Unknown type ${code}`);
    const payload = xml === '' ? undefined : parseClixmlValue(xml);
    if (direction === 'client') {
      if (type === 'CREATE_PIPELINE')
        pipelines.push(client.createPipeline(pipeline, decodeBody(type, payload)));
      continue;
    }
    const blob = encodeMessage({ destination: 'client', type, poolId: pool, pipelineId: pipeline, payload });
    objectId += 1n;
    client.receiveData(encodeFragment({ objectId, fragmentId: 0n, start: true, end: true, blob }), pipeline);
    const event = client.nextEvent();
    expect(event?.type).toBe(type);
    if (event?.type === 'PIPELINE_STATE' && event.body.state === 'Failed') {
      expect(event.body.error?.fullyQualifiedErrorId).toMatch(/\w/);
    }
  }
  expect(client.state).toBe('Opened');
  return pipelines.map(({ state }) => state);
}

/** The typed body of a message survives being written and read again. */
function expectSameBody({ type, payload }: Message): void {
  const body = decodeBody(type, payload);
  const written = encodeMessage({
    destination: 'client',
    type,
    poolId: emptyGuid,
    pipelineId: emptyGuid,
    payload: encodeBody(type, body),
  });
  // Invocation info of lines is read and never written.
  const comparable =
    isObject(body) && 'invocation' in body && !('source' in body) ? { ...body, invocation: undefined } : body;
  expect(decodeBody(type, decodeMessage(written).payload)).toEqual(comparable);
}

function identities(conversation: Conversation): { id: string; pipelineIds: string[] } {
  const [first] = messagesOf(conversation);
  const packets = packetsFrom(conversation, 'client');
  return {
    id: first?.message.poolId ?? '',
    pipelineIds: packets.filter(({ type }) => type === 'Command').map(({ psGuid }) => psGuid),
  };
}

function* messagesOf(conversation: Conversation): Generator<{ bytes: Uint8Array; message: Message }> {
  for (const side of ['client', 'server'] as const) {
    const assembler = new FragmentAssembler();
    for (const packet of packetsFrom(conversation, side)) {
      if (packet.type !== 'Data') continue;
      for (const bytes of assembler.push(packet.data)) yield { bytes, message: decodeMessage(bytes) };
    }
    expect(assembler.incomplete).toBe(false);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function command(text: string) {
  return { text, isScript: true, useLocalScope: undefined, parameters: [], mergeErrorToOutput: false };
}
