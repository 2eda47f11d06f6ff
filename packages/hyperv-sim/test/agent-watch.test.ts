import { InventoryItem, type AgentLine } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { demoFleet, HyperVEngine } from '../src/engine/index.ts';
import { createHostAgent } from '../src/fleet/index.ts';
import { createFakeClock, type FakeClock } from '../src/testing.ts';
import { allLines, Conversation, envelope, finalOf, operationId } from './conversation.ts';

interface Watching {
  readonly engine: HyperVEngine;
  readonly clock: FakeClock;
  readonly conversation: Conversation;
  readonly id: string;
  readonly agent: ReturnType<typeof createHostAgent>;
}

function kindOf(line: AgentLine): string {
  return line.type === 'item' ? String((line.item as { kind: unknown }).kind) : line.type;
}

async function watching(
  request: { reconcileSeconds: number; usageSeconds: number | null },
  timeoutSeconds = 604_800,
): Promise<Watching> {
  const clock = createFakeClock();
  const engine = new HyperVEngine({ clock, seed: '1', fleet: demoFleet });
  const agent = createHostAgent({ engine, hostId: 'hv-01' });
  const id = operationId();
  const conversation = new Conversation(agent, envelope('watch', request, { id, timeoutSeconds }));
  await conversation.until((line) => kindOf(line) === 'synced');
  if (request.usageSeconds !== null) await conversation.until((line) => kindOf(line) === 'usage');
  return { engine, clock, conversation, id, agent };
}

const quiet = { reconcileSeconds: 86_400, usageSeconds: null };

test('a watch begins with a full read and reports that it is in sync', async () => {
  const { engine, conversation } = await watching(quiet);
  const check = Compile(InventoryItem);
  for (const line of conversation.lines) expect(line.type === 'item' && check.Check(line.item)).toBe(true);
  const vms = engine.vms('hv-01');
  const kinds = conversation.lines.map(kindOf);
  expect(kinds).toEqual(['host', 'cluster', ...vms.map(() => 'vm'), 'synced']);
  expect(conversation.items('synced')[0]).toEqual({ kind: 'synced', vmIds: vms.map(({ vmId }) => vmId) });
  conversation.leave();
  await conversation.ended;
});

test('a watch reports each change as it happens, from any source, but only of its own host', async () => {
  const { engine, clock, conversation } = await watching(quiet);
  const before = conversation.lines.length;
  engine.renameVm('hv-02', engine.vms('hv-02')[0]?.vmId ?? '', 'ELSEWHERE');
  const vmId = engine.vms('hv-01').find(({ name }) => name === 'APP-WEB-01')?.vmId ?? '';
  const reaches = (state: string) => (line: AgentLine) =>
    line.type === 'item' &&
    (line.item as { vm?: { vmId: string; state: string } }).vm?.vmId === vmId &&
    (line.item as { vm: { state: string } }).vm.state === state;
  engine.power('hv-01', vmId, 'stop');
  await conversation.until(reaches('Stopping'));
  clock.advance(3_000);
  await conversation.until(reaches('Off'));
  engine.deleteVm('hv-01', vmId);
  await conversation.until((line) => kindOf(line) === 'vm-removed');
  expect(conversation.lines.slice(before).map(kindOf)).toEqual(['vm', 'vm', 'vm-removed']);
  conversation.leave();
  await conversation.ended;
});

test('a slow reader gets each VM once, in its current state', async () => {
  const { engine, conversation } = await watching(quiet);
  const before = conversation.lines.length;
  const vmId = engine.vms('hv-01')[0]?.vmId ?? '';
  for (let count = 0; count < 1_000; count++) engine.setNotes('hv-01', vmId, `note ${count}`);
  await conversation.until((line) => kindOf(line) === 'vm' && JSON.stringify(line).includes('note 999'));
  expect(conversation.lines.slice(before)).toHaveLength(1);
  conversation.leave();
  await conversation.ended;
});

test('a watch reconciles, samples usage and sends heartbeats at its intervals', async () => {
  const { clock, conversation } = await watching({ reconcileSeconds: 60, usageSeconds: 5 });
  const count = (kind: string): number => conversation.lines.filter((line) => kindOf(line) === kind).length;
  for (let round = 2; round <= 12; round++) {
    clock.advance(5_000);
    await conversation.until(() => count('usage') === round);
  }
  clock.advance(5_000);
  await conversation.until(() => count('synced') === 2);
  expect(count('heartbeat')).toBe(0);
  conversation.leave();
  await conversation.ended;

  const silent = await watching(quiet);
  for (let beats = 1; beats <= 3; beats++) {
    silent.clock.advance(20_000);
    await silent.conversation.until(
      () => silent.conversation.lines.filter(({ type }) => type === 'heartbeat').length === beats,
    );
    const merges = silent.conversation.lines.filter((line) => kindOf(line) === 'vm').length;
    expect(merges).toBe(silent.engine.vms('hv-01').length);
  }
  silent.conversation.leave();
  await silent.conversation.ended;
});

test('a watch ends at its timeout or when cancelled, with the reason', async () => {
  const late = await watching(quiet, 30);
  late.clock.advance(30_000);
  await late.conversation.ended;
  expect(finalOf(late.conversation.lines)).toMatchObject({ result: { reason: 'timeout' } });

  const { agent, conversation, id } = await watching(quiet);
  const cancel = await allLines(agent, envelope('operation.cancel', { operationId: id }));
  expect(finalOf(cancel)).toMatchObject({ result: { accepted: true } });
  await conversation.ended;
  expect(finalOf(conversation.lines)).toMatchObject({ result: { reason: 'cancelled' } });
});

test('a watcher that disconnects leaves nothing behind', async () => {
  const { engine, clock, conversation } = await watching({ reconcileSeconds: 60, usageSeconds: 5 });
  const lines = conversation.lines.length;
  conversation.leave();
  await conversation.ended;
  engine.renameVm('hv-01', engine.vms('hv-01')[0]?.vmId ?? '', 'UNHEARD');
  engine.dispose(); // what the fleet itself has scheduled
  expect(clock.pending).toBe(0);
  expect(conversation.lines.slice(lines).map(kindOf)).toEqual(['result']);
});
