import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { AgentLine, HostConfiguration } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { parseLine } from './conformance/conversation.ts';
import { operationId } from './conformance/stage.ts';
import { fleetOf } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

async function storageClasses(session: AgentSession): Promise<unknown> {
  const envelope = {
    contract: 2,
    id: operationId(1),
    op: 'host.resources',
    timeoutSeconds: 60,
    actor: 'ann',
  };
  let last: AgentLine | undefined;
  for await (const line of session.run(JSON.stringify({ ...envelope, request: {} }))) last = parseLine(line);
  if (last?.type !== 'result') throw new Error(JSON.stringify(last));
  return (last.result as { storageClasses: { name: string }[] }).storageClasses.map(({ name }) => name);
}

describe.skipIf(skip)(`hostresources.json${skipReason}`, { timeout: 120_000 }, () => {
  test('counts as it is now, also for a session that read it before', async () => {
    await using farm = await PowerShellFarm.open();
    const engine = new HyperVEngine({ clock: createFakeClock(), seed: 'configuration', fleet: fleetOf([]) });
    await using host = await AgentHost.open(farm, { engine, hostId: 'n1', advance: () => undefined });
    const session = await host.session();
    expect(await storageClasses(session)).toEqual(['V1', 'Local']);
    const file = join(host.dataFolder, 'hostresources.json');
    const configuration = JSON.parse(readFileSync(file, 'utf8')) as HostConfiguration;
    const renamed = configuration.storage_classes.map((one) => ({ ...one, name: `${one.name} 2` }));
    writeFileSync(file, JSON.stringify({ ...configuration, storage_classes: renamed }));
    expect(await storageClasses(session)).toEqual(['V1 2', 'Local 2']);
    farm.put(session);
    engine.dispose();
  });
});
