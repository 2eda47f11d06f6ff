import { JournalEntry, type AgentLine } from '@aether-v/types';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { createHostAgent, type HostAgent } from '../src/fleet/index.ts';
import { allLines, Conversation, envelope, finalOf, operationId } from './conversation.ts';
import { smallFleet, type SmallFleet } from './small-fleet.ts';

interface Scene extends SmallFleet {
  readonly agent: HostAgent;
  /** How many transitions to Starting there were. */
  readonly starts: () => number;
}

function scene(): Scene {
  const fleet = smallFleet();
  const { engine, hostId } = fleet;
  let count = 0;
  const before = new Map<string, string>();
  engine.subscribe(({ vmId }) => {
    const state = engine.vm(hostId, vmId)?.state ?? '';
    if (state === 'Starting' && before.get(vmId) !== 'Starting') count++;
    before.set(vmId, state);
  });
  return { ...fleet, agent: createHostAgent({ engine, hostId }), starts: () => count };
}

async function finish(conversation: Conversation, { clock }: SmallFleet, ms = 30_000): Promise<AgentLine> {
  await conversation.until(({ type }) => type === 'progress');
  clock.advance(ms);
  await conversation.ended;
  return finalOf(conversation.lines);
}

async function status(agent: HostAgent, id: string): Promise<JournalEntry | null> {
  const last = finalOf(await allLines(agent, envelope('operation.status', { operationId: id })));
  if (last.type === 'error') throw new Error(last.error.message);
  if (last.result === null) return null;
  if (!Compile(JournalEntry).Check(last.result)) throw new Error('No journal entry.');
  return last.result;
}

test('an operation logs, reports its progress and ends with the state, as does its journal entry', async () => {
  const stage = scene();
  const vmId = stage.inState('Off');
  const id = operationId();
  const conversation = new Conversation(stage.agent, envelope('vm.start', { vmId }, { id }));
  expect(await finish(conversation, stage)).toMatchObject({ result: { vmId, state: 'Running' } });
  expect(conversation.lines.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['log', 'progress', 'result']),
  );
  expect(await status(stage.agent, id)).toMatchObject({
    state: 'succeeded',
    op: 'vm.start',
    vmId,
    actor: 'ann',
    percent: 100,
    result: { vmId, state: 'Running' },
  });
});

test('a repeated id is refused while the operation runs, then replays the result; it begins once', async () => {
  const stage = scene();
  const vmId = stage.inState('Off');
  const text = envelope('vm.start', { vmId });
  const first = new Conversation(stage.agent, text);
  await first.until(({ type }) => type === 'progress');
  expect(finalOf(await allLines(stage.agent, text))).toMatchObject({ error: { code: 'already-running' } });
  const end = await finish(first, stage);
  const again = finalOf(await allLines(stage.agent, text));
  expect(again).toMatchObject({ type: 'result', result: (end as { result?: unknown }).result });
  expect(stage.starts()).toBe(1);
});

test('a repeated idempotency key under another id begins nothing either, and is refused for another VM', async () => {
  const stage = scene();
  const [vmId, other] = [stage.inState('Off'), stage.inState('Off')];
  const idempotencyKey = 'click-1';
  await finish(new Conversation(stage.agent, envelope('vm.start', { vmId }, { idempotencyKey })), stage);
  const again = await allLines(stage.agent, envelope('vm.start', { vmId }, { idempotencyKey }));
  expect(finalOf(again)).toMatchObject({ type: 'result', result: { vmId } });
  const misused = await allLines(stage.agent, envelope('vm.start', { vmId: other }, { idempotencyKey }));
  expect(finalOf(misused)).toMatchObject({ type: 'error', error: { code: 'bad-request' } });
  expect(stage.starts()).toBe(1);
});

test('an operation of a client that disconnects continues, and the journal has its result', async () => {
  const stage = scene();
  const vmId = stage.inState('Off');
  const id = operationId();
  const conversation = new Conversation(stage.agent, envelope('vm.start', { vmId }, { id }));
  await conversation.until(({ type }) => type === 'progress');
  conversation.leave();
  await conversation.ended;
  expect(await status(stage.agent, id)).toMatchObject({ state: 'running' });
  stage.clock.advance(30_000);
  expect(await status(stage.agent, id)).toMatchObject({ state: 'succeeded' });
  expect(stage.engine.vm(stage.hostId, vmId)?.state).toBe('Running');
});

test('a refusal names the state and is recorded as the result', async () => {
  const stage = scene();
  const vmId = stage.inState('Running');
  const text = envelope('vm.start', { vmId });
  const refused = finalOf(await allLines(stage.agent, text));
  expect(refused).toMatchObject({ type: 'error', error: { code: 'wrong-state' } });
  expect(refused.type === 'error' && refused.error.message).toMatch(/Running/);
  stage.engine.power(stage.hostId, vmId, 'stop');
  stage.clock.advance(10_000);
  expect(finalOf(await allLines(stage.agent, text))).toMatchObject({ error: { code: 'wrong-state' } });
  expect(stage.starts()).toBe(0);
});

test('an unknown VM is not found', async () => {
  const { agent } = scene();
  const vmId = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';
  expect(finalOf(await allLines(agent, envelope('vm.stop', { vmId })))).toMatchObject({
    error: { code: 'not-found' },
  });
});

test('a timeout ends the response, but not the operation', async () => {
  const stage = scene();
  const vmId = stage.add({ name: 'HANGS', role: 'build', state: 'Running', manners: 'hangs' });
  const id = operationId();
  const text = envelope('vm.shutdown', { vmId, force: true }, { id, timeoutSeconds: 60 });
  const conversation = new Conversation(stage.agent, text);
  expect(await finish(conversation, stage, 60_000)).toMatchObject({ error: { code: 'outcome-unknown' } });
  expect(await status(stage.agent, id)).toMatchObject({ state: 'running' });
  stage.clock.advance(5 * 60_000);
  expect(await status(stage.agent, id)).toMatchObject({ state: 'failed', error: { code: 'guest-timeout' } });
});

test('heartbeats are sent every 20 seconds of silence while waiting for a guest', async () => {
  const stage = scene();
  const vmId = stage.add({ name: 'HANGS', role: 'build', state: 'Running', manners: 'hangs' });
  const conversation = new Conversation(stage.agent, envelope('vm.shutdown', { vmId, force: false }));
  await conversation.until(({ type }) => type === 'progress');
  for (let beats = 1; beats <= 3; beats++) {
    stage.clock.advance(20_000);
    await conversation.until(
      () => conversation.lines.filter(({ type }) => type === 'heartbeat').length === beats,
    );
  }
  stage.clock.advance(5 * 60_000);
  await conversation.ended;
  expect(finalOf(conversation.lines)).toMatchObject({ error: { code: 'guest-timeout' } });
});

test('cancel marks a running operation, and is refused for an ended one', async () => {
  const stage = scene();
  const vmId = stage.add({ name: 'BIG', role: 'database', state: 'Running', memoryGb: 64 });
  const id = operationId();
  const conversation = new Conversation(stage.agent, envelope('vm.save', { vmId }, { id }));
  await conversation.until(({ type }) => type === 'progress');
  const cancel = async (operation: string): Promise<AgentLine> =>
    finalOf(await allLines(stage.agent, envelope('operation.cancel', { operationId: operation })));
  expect(await cancel(id)).toMatchObject({ result: { accepted: true, begun: true } });
  await conversation.ended;
  expect(finalOf(conversation.lines)).toMatchObject({ error: { code: 'cancelled' } });
  expect(await status(stage.agent, id)).toMatchObject({ state: 'cancelled' });
  expect(stage.engine.vm(stage.hostId, vmId)?.state).toBe('Running');
  expect(await cancel(id)).toMatchObject({ result: { accepted: false, begun: true } });
});

test('cancel is refused for a shutdown that waits for its guest, which shuts down', async () => {
  const stage = scene();
  const vmId = stage.add({ name: 'GUEST', role: 'utility', state: 'Running' });
  const id = operationId();
  const conversation = new Conversation(stage.agent, envelope('vm.shutdown', { vmId, force: false }, { id }));
  await conversation.until(({ type }) => type === 'progress');
  const cancel = envelope('operation.cancel', { operationId: id });
  expect(finalOf(await allLines(stage.agent, cancel))).toMatchObject({
    result: { accepted: false, begun: true },
  });
  expect(await finish(conversation, stage, 120_000)).toMatchObject({ result: { state: 'Off' } });
  expect(await status(stage.agent, id)).toMatchObject({ state: 'succeeded' });
});

test('an operation that is cancelled before it arrives never begins', async () => {
  const stage = scene();
  const vmId = stage.inState('Off');
  const id = operationId();
  const cancel = async (): Promise<AgentLine> =>
    finalOf(await allLines(stage.agent, envelope('operation.cancel', { operationId: id })));
  expect(await cancel()).toMatchObject({ result: { accepted: true, begun: false } });
  expect(await status(stage.agent, id)).toMatchObject({ state: 'cancelled', op: 'operation.cancel' });
  const late = await allLines(stage.agent, envelope('vm.start', { vmId }, { id }));
  expect(late).toHaveLength(1);
  expect(finalOf(late)).toMatchObject({ error: { code: 'cancelled' } });
  expect(await cancel()).toMatchObject({ result: { accepted: false, begun: false } });
  expect(stage.starts()).toBe(0);
  const list = await allLines(stage.agent, envelope('operation.list', { since: null }));
  expect(finalOf(list)).toMatchObject({ result: { count: 0 } });
});

test('operation.list returns what began since a given time', async () => {
  const stage = scene();
  const [first, second] = [stage.inState('Off'), stage.inState('Off')];
  await finish(new Conversation(stage.agent, envelope('vm.start', { vmId: first })), stage);
  const since = new Date(stage.clock.now()).toISOString();
  await finish(new Conversation(stage.agent, envelope('vm.start', { vmId: second })), stage);
  const list = async (from: string | null): Promise<unknown[]> => {
    const lines = await allLines(stage.agent, envelope('operation.list', { since: from }));
    return lines.flatMap((line) => (line.type === 'item' ? [(line.item as JournalEntry).vmId] : []));
  };
  expect(await list(null)).toEqual([first, second]);
  expect(await list(since)).toEqual([second]);
});

test('at most once: each id begins one transition, however often and in whatever order ids are sent', async () => {
  const attempt = fc.record({
    id: fc.nat({ max: 3 }),
    wait: fc.constantFrom(0, 500, 8_000),
    leave: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 12 }), async (attempts) => {
      const stage = scene();
      const sent = Array.from({ length: 4 }, () => ({ id: operationId(), vmId: stage.inState('Off') }));
      const conversations = attempts.map(({ id, wait, leave }) => {
        const operation = sent[id] ?? { id: '', vmId: '' };
        const text = envelope('vm.start', { vmId: operation.vmId }, { id: operation.id });
        const conversation = new Conversation(stage.agent, text);
        stage.clock.advance(wait);
        if (leave) conversation.leave();
        return conversation;
      });
      await Promise.all(conversations.map((one) => one.until(() => one.lines.length > 0)));
      stage.clock.advance(60_000);
      await Promise.all(conversations.map(({ ended }) => ended));
      expect(stage.starts()).toBe(new Set(attempts.map(({ id }) => id)).size);
    }),
    { numRuns: 60, seed: 3 },
  );
});
