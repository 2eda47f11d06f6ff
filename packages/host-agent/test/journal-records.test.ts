import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { operationId } from './conformance/stage.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { PowerShellFarm } from './support/agent-host.ts';
import { carryOut } from './support/carry-out.ts';
import { OneHost } from './support/one-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

/** A record as an agent of contract version 1 wrote it. */
function recordOfVersion1(id: string, vmId: string): string {
  const entry = {
    operationId: id,
    op: 'vm.start',
    state: 'succeeded',
    vmId,
    actor: 'ann',
    startedAt: '2026-01-01T00:00:00.0000000Z',
    finishedAt: '2026-01-01T00:00:01.0000000Z',
    percent: 100,
    message: null,
    result: { vmId, state: 'Running' },
  };
  return JSON.stringify({ entry, target: vmId, step: 'asked', facts: {} });
}

describe.skipIf(skip)(`records of the journal${skipReason}`, { timeout: 120_000 }, () => {
  let farm: PowerShellFarm;
  let host: OneHost;
  let journal: string;

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
  }, 120_000);
  afterAll(async () => {
    await farm[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    host = await OneHost.open(farm, fleetOf([small('A')]));
    journal = join(host.host.dataFolder, 'journal');
    mkdirSync(journal, { recursive: true });
    return async () => {
      await host[Symbol.asyncDispose]();
    };
  });

  test('a record of contract version 1 is listed, and its id is replayed', async () => {
    const { vmId } = host.vm('A');
    const id = operationId(50);
    writeFileSync(join(journal, `${id}.json`), recordOfVersion1(id, vmId));
    const [item, end] = await carryOut(host.session, 1, 'operation.list', { since: null });
    expect(item).toMatchObject({ type: 'item', item: { operationId: id, op: 'vm.start', vmId } });
    expect(end).toMatchObject({ type: 'result', result: { count: 1 } });
    const replayed = await carryOut(host.session, 50, 'vm.start', { vmId });
    expect(replayed.at(-1)).toMatchObject({ type: 'result', result: { vmId, state: 'Running' } });
    expect(host.vm('A').state).toBe('Off');
  });

  test('beyond its limit the journal forgets the records that ended first, whatever their ids', async () => {
    const { vmId } = host.vm('A');
    const ids = [90, 10, 50].map((number) => operationId(number));
    for (const [index, id] of ids.entries()) {
      const path = join(journal, `${id}.json`);
      writeFileSync(path, recordOfVersion1(id, vmId));
      utimesSync(path, 1_000 + index, 1_000 + index);
    }
    await host.session.script('& (Get-Module -Name AetherV.HostAgent) { $script:JournalLimit = 3 }');
    await carryOut(host.session, 1, 'host.test', {});
    await host.session.script('& (Get-Module -Name AetherV.HostAgent) { $script:JournalLimit = 5000 }');
    const kept = readdirSync(journal).filter((name) => name.endsWith('.json'));
    expect(kept.sort()).toEqual([1, 10, 50].map((number) => `${operationId(number)}.json`).sort());
  });
});
