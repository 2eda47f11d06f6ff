import { InventoryItem, operations, toAsciiJson, type AgentLine, type OperationName } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { demoFleet, HyperVEngine } from '../src/engine/index.ts';
import { createHostAgent } from '../src/fleet/index.ts';
import { toAgentLine } from '../src/fleet/json-line.ts';
import { createFakeClock } from '../src/testing.ts';
import { allLines, envelope, finalOf } from './conversation.ts';
import { smallFleet } from './small-fleet.ts';

const itemCheck = Compile(InventoryItem);

function resultOf(lines: readonly AgentLine[], op: OperationName): unknown {
  const last = finalOf(lines);
  if (last.type === 'error') throw new Error(last.error.message);
  expect(Compile(operations[op].result).Check(last.result)).toBe(true);
  return last.result;
}

describe('the whole demo fleet', () => {
  const engine = new HyperVEngine({ clock: createFakeClock(), seed: '1', fleet: demoFleet });

  test.each(engine.hostIds)(
    '%s reports its identity and content exactly as the contract defines',
    async (hostId) => {
      const agent = createHostAgent({ engine, hostId });
      expect(resultOf(await allLines(agent, envelope('agent.info')), 'agent.info')).toMatchObject({ hostId });
      const lines = await allLines(agent, envelope('inventory'));
      expect(resultOf(lines, 'inventory')).toEqual({ vms: engine.vms(hostId).length });
      const items = lines.flatMap((line) => (line.type === 'item' ? [line.item] : []));
      for (const item of items) expect([...itemCheck.Errors(item)]).toEqual([]);
      const vms = items.flatMap((item) => (itemCheck.Check(item) && item.kind === 'vm' ? [item.vm] : []));
      expect(vms).toEqual(engine.vms(hostId));
    },
  );
});

describe('lines', () => {
  test.each(['Grüße', '🙂', '\u0000\u007f\u2028', '\ud800 alone', 'a\r\nb'])('carry %j in ASCII', (text) => {
    const json = toAsciiJson({ text });
    expect(json).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(json)).toEqual({ text });
  });

  test('are refused if they are longer than the contract allows', () => {
    const message = 'é'.repeat(50_000);
    expect(() => toAgentLine('x', 0, { type: 'progress', percent: null, message })).toThrow(RangeError);
  });
});

describe('an unreadable request', () => {
  const { engine, hostId } = smallFleet();
  const agent = createHostAgent({ engine, hostId });
  test.each([
    ['no JSON', '{"contract":2', 'bad-request'],
    ['null', 'null', 'bad-request'],
    ['another version of the contract', envelope('agent.info', {}, { contract: 1 }), 'not-supported'],
    ['an unknown operation', envelope('agent.info', {}, { op: 'vm.explode' }), 'not-supported'],
    ['the name of an inherited property', envelope('agent.info', {}, { op: 'constructor' }), 'not-supported'],
    ['an unknown field', envelope('agent.info', {}, { more: 1 }), 'bad-request'],
    ['an unknown field of the request', envelope('agent.info', { more: 1 }), 'bad-request'],
    ['a VM id that is none', envelope('vm.start', { vmId: "x'; Remove-VM *" }), 'bad-request'],
    ['no time at all', envelope('agent.info', {}, { timeoutSeconds: 0 }), 'bad-request'],
  ])('%s ends in one error line', async (_what, text, code) => {
    const lines = await allLines(agent, text);
    expect(lines).toHaveLength(1);
    expect(finalOf(lines)).toMatchObject({ type: 'error', error: { code } });
  });

  test('is answered under its own id if it has one', async () => {
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    const [line] = await allLines(agent, envelope('agent.info', {}, { id, extra: true }));
    expect(line?.op).toBe(id);
  });
});

test('a large clock offset from the service has no effect', async () => {
  const { engine, hostId, clock } = smallFleet();
  const agent = createHostAgent({ engine, hostId });
  clock.advance(10 * 365 * 24 * 3_600_000);
  const lines = await allLines(agent, envelope('agent.info', {}, { timeoutSeconds: 1 }));
  expect(finalOf(lines)).toMatchObject({ type: 'result' });
});

test('an older service instance is refused after a newer one has used a host with a journal', async () => {
  const { engine, hostId } = smallFleet();
  const agent = createHostAgent({ engine, hostId });
  const ask = async (fence?: number): Promise<AgentLine> =>
    finalOf(await allLines(agent, envelope('agent.info', {}, fence === undefined ? {} : { fence })));
  expect(await ask(9)).toMatchObject({ type: 'result' });
  const vmId = engine.vms(hostId)[0]?.vmId;
  await allLines(agent, envelope('vm.start', { vmId }, { fence: 5 }));
  expect(await ask(7)).toMatchObject({ type: 'result' });
  expect(await ask(6)).toMatchObject({ type: 'error', error: { code: 'fenced' } });
  expect(await ask(7)).toMatchObject({ type: 'result' });
  expect(await ask()).toMatchObject({ type: 'result' });
});

test('an injected fault takes precedence over the operation', async () => {
  const { engine, hostId } = smallFleet();
  const error = { code: 'agent-error', message: 'vmms is gone', remedy: null } as const;
  const agent = createHostAgent({ engine, hostId, fault: (op) => (op === 'inventory' ? error : null) });
  expect(finalOf(await allLines(agent, envelope('inventory')))).toMatchObject({ type: 'error', error });
  expect(finalOf(await allLines(agent, envelope('agent.info')))).toMatchObject({ type: 'result' });
});
