import { existsSync, readdirSync, rmSync } from 'node:fs';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine } from './conformance/conversation.ts';
import { operationId } from './conformance/stage.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

describe.skipIf(skip)(`a host on which nothing was ever changed${skipReason}`, { timeout: 120_000 }, () => {
  let farm: PowerShellFarm;

  beforeAll(async () => {
    farm = await PowerShellFarm.open('text');
  });

  afterAll(() => farm[Symbol.asyncDispose]());

  test('gets no file by reading it, whatever the fence; the first change makes the journal', async () => {
    const clock = createFakeClock();
    const engine = new HyperVEngine({ clock, seed: 'untouched', fleet: fleetOf([small('A')]) });
    const vmId = engine.vms('n1')[0]?.vmId;
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    await using host = await AgentHost.open(farm, { engine, hostId: 'n1', advance });
    rmSync(host.dataFolder, { recursive: true });
    const session = await host.session();
    let number = 0;
    const call = async (op: string, request: unknown, more: object = {}): Promise<unknown> => {
      const envelope = {
        contract: 2,
        id: operationId(++number),
        op,
        timeoutSeconds: 60,
        actor: 'ann',
        request,
      };
      let last: unknown;
      for await (const line of session.run(JSON.stringify({ ...envelope, ...more }))) last = parseLine(line);
      return last;
    };
    const reads: readonly (readonly [op: string, request: object])[] = [
      ['agent.info', {}],
      ['inventory', {}],
      ['host.resources', {}],
      ['checkpoint.list', { vmId }],
      ['operation.list', { since: null }],
      ['operation.status', { operationId: operationId(99) }],
      ['operation.check', { op: 'vm.start', request: { vmId } }],
      ['operation.check', { op: 'vm.update', request: { vmId, changes: { notes: 'x' } } }],
    ];
    for (const [op, request] of reads) {
      expect(await call(op, request), op).toMatchObject({ type: 'result' });
      expect(await call(op, request, { fence: 7 }), op).toMatchObject({ type: 'result' });
    }
    const watchId = operationId(98);
    const watch = { op: 'watch', request: { reconcileSeconds: 60, usageSeconds: null } };
    const watching = await host.session();
    const envelope = { contract: 2, id: watchId, timeoutSeconds: 600, actor: 'ann', ...watch };
    let last: unknown;
    const synced = Promise.withResolvers<undefined>();
    const ended = (async () => {
      for await (const line of watching.run(JSON.stringify(envelope))) {
        last = parseLine(line);
        if (line.includes('"synced"')) synced.resolve(undefined);
      }
    })();
    await synced.promise;
    expect(existsSync(host.dataFolder)).toBe(false);
    // A cancel finds the watch all the same; it is what makes the journal then.
    expect(await call('operation.cancel', { operationId: watchId })).toMatchObject({
      result: { accepted: true },
    });
    await ended;
    expect(last).toMatchObject({ type: 'result', result: { reason: 'cancelled' } });
    farm.put(watching);
    rmSync(host.dataFolder, { recursive: true });
    expect(await call('vm.start', { vmId }, { fence: 7 })).toMatchObject({ type: 'result' });
    expect(readdirSync(host.dataFolder).sort()).toEqual(expect.arrayContaining(['active', 'journal']));
    expect(readdirSync(`${host.dataFolder}/journal`)).toContain('fence');
    const old = await call('inventory', {}, { fence: 6 });
    expect(old).toMatchObject({ type: 'error', error: { code: 'fenced' } });
    farm.put(session);
    engine.dispose();
  });
});
