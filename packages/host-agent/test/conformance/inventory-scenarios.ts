import { demoFleet } from '@aether-v/hyperv-sim/engine';
import { vmActivities, vmHealths, vmStates } from '@aether-v/types';
import { languages } from '../bridge/cultures.ts';
import type { Scenario } from './stage.ts';
import { fleetOf, small } from './worlds.ts';

const inventories: readonly Scenario[] = demoFleet.hosts.map(({ name }, index) => ({
  name: `inventory of ${name}`,
  world: {
    fleet: demoFleet,
    hostId: name.toLowerCase(),
    // Nothing may depend on what the host speaks.
    language: [languages.english, languages.german, languages.japanese][index % 3] ?? languages.english,
  },
  play: async (stage) => {
    await stage.call('agent.info', 'agent.info');
    await stage.call('inventory', 'inventory');
  },
}));

const watching: Scenario = {
  name: 'a watch sees what happens, and is cancelled',
  world: {
    fleet: fleetOf([
      small('A'),
      small('B', { state: 'Running' }),
      small('C', { clustered: true, state: 'Running' }),
    ]),
    hostId: 'n1',
  },
  play: async (stage) => {
    const { engine, time } = stage.side;
    time.freeze();
    const text = stage.envelope('watch', { reconcileSeconds: 45, usageSeconds: 10 });
    const watch = await stage.begin(text);
    await watch.until((line) => line.type === 'item' && (line.item as { kind: string }).kind === 'usage');
    engine.renameVm('n1', stage.vm('A').vmId, 'A with another name');
    engine.setNotes('n1', stage.vm('B').vmId, 'Grüße 🙂');
    engine.power('n1', stage.vm('B').vmId, 'pause');
    engine.createVm('n1', small('NEW', { state: 'Running' }));
    engine.migrate('n1', stage.vm('C').vmId, 'n2');
    time.thaw();
    await watch.until(
      (line) => line.type === 'item' && (line.item as { kind: string }).kind === 'vm-removed',
    );
    await watch.until((line) => {
      const item = line.type === 'item' ? (line.item as { kind: string; vmIds?: string[] }) : undefined;
      return item?.kind === 'synced' && line.seq > 20;
    });
    const { id } = JSON.parse(text) as { id: string };
    await stage.call('cancel', 'operation.cancel', { operationId: id });
    await stage.finish('watch', watch);
    await stage.call('cancel what is over', 'operation.cancel', { operationId: id });
  },
};

const watchingAlone: Scenario = {
  name: 'a watch of a host on its own lasts its time',
  world: { fleet: fleetOf([small('A'), small('B', { state: 'Running' })], 'S1'), hostId: 's1' },
  play: async (stage) => {
    await stage.call(
      'watch',
      'watch',
      { reconcileSeconds: 3_600, usageSeconds: null },
      { timeoutSeconds: 90 },
    );
  },
};

/** VMs in every state, of every health and with every activity, and two of one name. */
const everyKind: Scenario = {
  name: 'an inventory of every state, health and activity, and of two VMs of one name',
  world: {
    fleet: fleetOf([
      ...vmStates.filter((state) => state !== 'Other').map((state) => small(`state ${state}`, { state })),
      ...vmHealths.map((health) => small(`health ${health}`, { health })),
      ...vmActivities
        .filter((kind) => kind !== 'MergingDisks')
        .map((kind) => small(`activity ${kind}`, { state: 'Running', activity: { kind, percent: null } })),
      small('TWIN'),
      small('TWIN', { state: 'Running' }),
    ]),
    hostId: 'n1',
  },
  play: async (stage) => {
    await stage.call('inventory', 'inventory');
  },
};

/** What a host has. */
export const inventoryScenarios: readonly Scenario[] = [...inventories, everyKind, watching, watchingAlone];
