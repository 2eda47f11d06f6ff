import { beforeEach, describe, expect, test } from 'vitest';
import {
  ClientRunspacePool,
  PsrpStateError,
  ServerRunspacePool,
  type ClientEvent,
  type PipelineRequest,
  type ServerEvent,
} from '../../src/core/index.ts';

const poolId = '11111111-2222-3333-4444-555555555555';
const pipelineId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

function request(noInput = true): PipelineRequest {
  const parameters = [
    { name: 'Named', value: 1 },
    { name: undefined, value: 'positional' },
  ];
  const command = { isScript: false, useLocalScope: undefined, parameters, mergeErrorToOutput: false };
  return {
    statements: [
      [
        { ...command, text: 'Get-One' },
        { ...command, text: 'Get-Two' },
      ],
      [{ ...command, text: 'Get-Three' }],
    ],
    noInput,
    addToHistory: false,
    isNested: false,
    remoteStreamOptions: 0,
  };
}

let client: ClientRunspacePool;
let server: ServerRunspacePool;

/** Hands over all that waits, in fragments of 60 bytes, and returns what it says. */
function toServer(id?: string): ServerEvent[] {
  for (let next = client.dataToSend(60, id); next !== undefined; next = client.dataToSend(60, id)) {
    server.receiveData(next.data, id);
  }
  return drain(() => server.nextEvent());
}

function toClient(id?: string): ClientEvent[] {
  for (let next = server.dataToSend(60, id); next !== undefined; next = server.dataToSend(60, id)) {
    client.receiveData(next.data, id);
  }
  return drain(() => client.nextEvent());
}

function drain<T>(next: () => T | undefined): T[] {
  const events: T[] = [];
  for (let event = next(); event !== undefined; event = next()) events.push(event);
  return events;
}

function openBoth(): void {
  client.open();
  toServer();
  server.sendApplicationPrivateData();
  server.open();
  toClient();
}

beforeEach(() => {
  client = new ClientRunspacePool({ id: poolId, minRunspaces: 1, maxRunspaces: 3 });
  server = new ServerRunspacePool({ applicationPrivateData: 'private' });
});

describe('the two halves of a pool, in memory', () => {
  test('go through every state of an opening and a closing', () => {
    expect([client.state, server.state]).toEqual(['BeforeOpen', 'BeforeOpen']);
    client.open();
    expect(client.state).toBe('NegotiationSent');
    expect(toServer().map(({ type }) => type)).toEqual(['SESSION_CAPABILITY', 'INIT_RUNSPACEPOOL']);
    expect([server.state, server.id]).toEqual(['Opening', poolId]);
    expect(toClient().map(({ type }) => type)).toEqual(['SESSION_CAPABILITY']);
    expect(client.state).toBe('NegotiationSucceeded');
    server.sendApplicationPrivateData();
    server.open();
    expect(toClient()).toMatchObject([
      { type: 'APPLICATION_PRIVATE_DATA', body: 'private' },
      { type: 'RUNSPACEPOOL_STATE', body: { state: 'Opened' } },
    ]);
    expect([client.state, server.state]).toEqual(['Opened', 'Opened']);
    server.close();
    expect(toClient()).toHaveLength(2);
    expect([client.state, server.state]).toEqual(['Closed', 'Closed']);
  });

  test('transmit a pipeline with its commands, input, output and end', () => {
    openBoth();
    const pipeline = client.createPipeline(pipelineId, request(false));
    server.expectPipeline(pipelineId);
    expect(toServer(pipelineId)).toEqual([{ type: 'CREATE_PIPELINE', pipelineId, body: request(false) }]);
    pipeline.input('one');
    pipeline.input(null);
    pipeline.endInput();
    expect(toServer(pipelineId).map(({ type, body }) => [type, body])).toEqual([
      ['PIPELINE_INPUT', 'one'],
      ['PIPELINE_INPUT', null],
      ['END_OF_PIPELINE_INPUT', undefined],
    ]);
    const served = server.pipeline(pipelineId);
    served?.write(1);
    served?.writeError({ message: 'bad', fullyQualifiedErrorId: 'Bad', category: 'InvalidArgument' });
    served?.writeInformation({
      message: 'info',
      messageData: 'info',
      source: 'test',
      timeGenerated: '2026-01-01T00:00:00Z',
      tags: ['a'],
      user: 'me',
      computer: 'here',
      processId: 7,
    });
    served?.callHost({ callId: 5n, methodId: 11, methodName: 'ReadLine', parameters: ['?'] });
    served?.complete();
    expect(toClient(pipelineId)).toMatchObject([
      { type: 'PIPELINE_OUTPUT', body: 1 },
      { type: 'ERROR_RECORD', body: { message: 'bad', category: 'InvalidArgument', reason: 'Exception' } },
      { type: 'INFORMATION_RECORD', body: { message: 'info', tags: ['a'], processId: 7 } },
      { type: 'PIPELINE_HOST_CALL', body: { callId: 5n, methodName: 'ReadLine', parameters: ['?'] } },
      { type: 'PIPELINE_STATE', body: { state: 'Completed', error: undefined } },
    ]);
    expect(pipeline.state).toBe('Completed');
    expect(served?.state).toBe('Completed');
  });

  test('transmit the terminating error in the state', () => {
    openBoth();
    client.createPipeline(pipelineId, request());
    server.expectPipeline(pipelineId);
    toServer(pipelineId);
    server.pipeline(pipelineId)?.fail({ message: 'gone', fullyQualifiedErrorId: 'Gone' });
    expect(toClient(pipelineId)).toMatchObject([
      { type: 'PIPELINE_STATE', body: { state: 'Failed', error: { fullyQualifiedErrorId: 'Gone' } } },
    ]);
  });

  test('transmit calls to the pool and their responses', () => {
    openBoth();
    expect([client.setMaxRunspaces(5), client.setMinRunspaces(2)]).toEqual([0n, 1n]);
    expect([client.getAvailableRunspaces(), client.resetRunspaceState()]).toEqual([2n, 3n]);
    expect(toServer()).toMatchObject([
      { type: 'SET_MAX_RUNSPACES', body: { callId: 0n, count: 5 } },
      { type: 'SET_MIN_RUNSPACES', body: { callId: 1n, count: 2 } },
      { type: 'GET_AVAILABLE_RUNSPACES', body: { callId: 2n } },
      { type: 'RESET_RUNSPACE_STATE', body: { callId: 3n } },
    ]);
    server.answerCall(0n, true);
    server.answerCall(2n, 4);
    expect(toClient()).toMatchObject([
      { body: { callId: 0n, answer: true } },
      { body: { callId: 2n, answer: 4 } },
    ]);
  });

  test('ignore messages for a released pipeline', () => {
    openBoth();
    client.createPipeline(pipelineId, request());
    server.expectPipeline(pipelineId);
    toServer(pipelineId);
    server.pipeline(pipelineId)?.write('late');
    client.releasePipeline(pipelineId);
    expect(toClient(pipelineId)).toEqual([]);
    expect(client.state).toBe('Opened');
  });
});

describe('an impossible action', () => {
  test('is refused with the action, the state and the expected states', () => {
    expect(() => client.createPipeline(pipelineId, request())).toThrow(
      expect.objectContaining({ action: 'create a pipeline', state: 'BeforeOpen', expected: ['Opened'] }),
    );
    openBoth();
    expect(() => client.open()).toThrow(PsrpStateError);
    const pipeline = client.createPipeline(pipelineId, request());
    expect(() => pipeline.input(1)).toThrow(expect.objectContaining({ state: 'InputEnded' }));
    server.expectPipeline(pipelineId);
    toServer(pipelineId);
    const served = server.pipeline(pipelineId);
    served?.complete();
    expect(() => served?.write(1)).toThrow(expect.objectContaining({ state: 'Completed' }));
    expect(() => served?.complete()).toThrow(PsrpStateError);
  });

  test('a message that is not for a server breaks the pool', () => {
    client.open();
    toServer();
    const bytes = server.dataToSend(10_000)?.data ?? new Uint8Array();
    const other = new ServerRunspacePool();
    expect(() => other.receiveData(bytes)).toThrow(expect.objectContaining({ code: 'message-unexpected' }));
    expect(other.state).toBe('Broken');
  });

  test('a message that is not for a client breaks the pool', () => {
    client.open();
    const bytes = client.dataToSend(10_000)?.data ?? new Uint8Array();
    const other = new ClientRunspacePool({ id: poolId });
    expect(() => other.receiveData(bytes)).toThrow(expect.objectContaining({ code: 'message-unexpected' }));
    expect(other.state).toBe('Broken');
  });
});
