import type { Scenario, Stage } from './stage.ts';
import { fleetOf, small } from './worlds.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
const nowhere = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';

const world = {
  fleet: fleetOf([
    small('OFF', { disksGb: [40] }),
    small('ON', { state: 'Running', disksGb: [20] }),
    small('SAVED', { state: 'Saved' }),
    small('OLD', { generation: 1 }),
  ]),
  hostId: 'n1',
};

const dynamic = {
  dynamic: true,
  startup: 1024 * mebibyte,
  minimum: 512 * mebibyte,
  maximum: 2048 * mebibyte,
  bufferPercent: 20,
} as const;

function update(
  stage: Stage,
): (name: string, vm: string, changes: Record<string, unknown>) => Promise<unknown> {
  return (name, vm, changes) =>
    stage.call(name, 'vm.update', { vmId: vm === '' ? nowhere : stage.vm(vm).vmId, changes });
}

const updating: Scenario = {
  name: 'changing settings',
  world,
  play: async (stage) => {
    const { vmId, disks, networkAdapters } = stage.vm('OFF');
    const change = stage.envelope('vm.update', {
      vmId,
      changes: {
        notes: 'Grüße 🙂\nsecond line',
        processors: 3,
        memory: dynamic,
        secureBoot: 'MicrosoftUEFICertificateAuthority',
        bootOrder: [networkAdapters[0]?.id, disks[0]?.id],
        automaticStartAction: 'Start',
        automaticStartDelaySeconds: 90,
        automaticStopAction: 'TurnOff',
        checkpointType: 'ProductionOnly',
        name: 'RENAMED',
      },
    });
    await stage.send('everything', change);
    await stage.send('the same again', change);
    const set = update(stage);
    await set('nothing that differs', 'RENAMED', { processors: 3, memory: dynamic });
    await set('secure boot off', 'RENAMED', { secureBoot: 'off' });
    await set('static memory', 'RENAMED', { memory: { dynamic: false, startup: 2 * gibibyte } });
    await set('what works while it runs', 'ON', {
      name: 'ON-2',
      notes: 'x',
      checkpointType: 'Disabled',
      automaticStartAction: 'Nothing',
      automaticStartDelaySeconds: 5,
    });
    await stage.call('inventory', 'inventory');
  },
};

const notUpdating: Scenario = {
  name: 'settings that are not changed',
  world,
  play: async (stage) => {
    const set = update(stage);
    await set('processors while it runs', 'ON', { notes: 'x', processors: 7 });
    await set('firmware while it is saved', 'SAVED', { secureBoot: 'off' });
    await set('the stop action while it runs', 'ON', { automaticStopAction: 'TurnOff' });
    await set('a name that another VM has', 'OFF', { name: 'on' });
    await set('more processors than there are', 'OFF', { notes: 'x', processors: 65 });
    await set('memory the wrong way round', 'OFF', { memory: { ...dynamic, minimum: 4 * gibibyte } });
    await set('a device that it has not', 'OFF', { notes: 'x', bootOrder: ['scsi-3-3'] });
    await set('firmware that it has not', 'OLD', { notes: 'x', secureBoot: 'off' });
    await set('a VM that there is not', '', { notes: 'x' });
    await stage.call('inventory', 'inventory');
  },
};

const widening: Scenario = {
  name: 'memory of a VM that runs',
  world: { fleet: fleetOf([small('ON', { disksGb: [20] })]), hostId: 'n1' },
  play: async (stage) => {
    const set = update(stage);
    await set('dynamic', 'ON', { memory: dynamic });
    await stage.call('start', 'vm.start', { vmId: stage.vm('ON').vmId });
    await set('wider', 'ON', {
      memory: { ...dynamic, minimum: 256 * mebibyte, maximum: 4 * gibibyte, bufferPercent: 40 },
    });
    await set('narrower', 'ON', { memory: dynamic });
    await set('static', 'ON', { memory: { dynamic: false, startup: gibibyte } });
    await stage.call('inventory', 'inventory');
  },
};

const adapters: Scenario = {
  name: 'network adapters',
  world,
  play: async (stage) => {
    const off = stage.vm('OFF').vmId;
    const on = stage.vm('ON').vmId;
    const plain = { network: null, macAddress: null };
    const add = stage.envelope('adapter.add', {
      vmId: off,
      adapter: { network: 'servers', macAddress: '02005E000001' },
    });
    await stage.send('add', add);
    await stage.send('add again', add);
    const adapterId = stage.vm('OFF').networkAdapters.at(-1)?.id;
    const first = stage.vm('ON').networkAdapters[0]?.id;
    await stage.call('add while it runs', 'adapter.add', { vmId: on, adapter: plain });
    await stage.call('add with an address while it runs', 'adapter.add', {
      vmId: on,
      adapter: { network: null, macAddress: '02005E000002' },
    });
    await stage.call('add with the same address', 'adapter.add', {
      vmId: off,
      adapter: { network: null, macAddress: '02005E000001' },
    });
    await stage.call('add on no network', 'adapter.add', {
      vmId: off,
      adapter: { network: 'moon', macAddress: null },
    });
    await stage.call('add to no VM', 'adapter.add', { vmId: nowhere, adapter: plain });
    await stage.call('add to a saved VM', 'adapter.add', { vmId: stage.vm('SAVED').vmId, adapter: plain });
    const connect = (name: string, request: Record<string, unknown>): Promise<unknown> =>
      stage.call(name, 'adapter.connect', {
        vmId: off,
        adapterId,
        network: 'servers',
        vlanId: null,
        ...request,
      });
    await connect('another VLAN', { vlanId: 77 });
    await connect('unplug', { network: null });
    await connect('plug in', {});
    await connect('plug in while it runs', { vmId: on, adapterId: first });
    await connect('no such network', { network: 'moon' });
    await connect('no such adapter', { adapterId: nowhere });
    const setMac = (name: string, request: Record<string, unknown>): Promise<unknown> =>
      stage.call(name, 'adapter.setMac', { vmId: off, adapterId, macAddress: '02005E000003', ...request });
    await setMac('fixed address', {});
    await setMac('its own address', {});
    await setMac('address of the pool', { macAddress: null });
    await setMac('address while it runs', { vmId: on, adapterId: first });
    await setMac('no such adapter for an address', { adapterId: nowhere });
    const remove = stage.envelope('adapter.remove', { vmId: off, adapterId });
    await stage.send('remove', remove);
    await stage.send('remove again', remove);
    await stage.call('remove what is gone', 'adapter.remove', { vmId: off, adapterId });
    await stage.call('inventory', 'inventory');
  },
};

const full: Scenario = {
  name: 'a VM with all adapters that it can have',
  world,
  play: async (stage) => {
    const { vmId, networkAdapters } = stage.vm('OFF');
    for (let count = networkAdapters.length; count <= 8; count++) {
      await stage.call(`adapter ${count + 1}`, 'adapter.add', {
        vmId,
        adapter: { network: null, macAddress: null },
      });
    }
    await stage.call('inventory', 'inventory');
  },
};

/** Settings and network adapters of VMs. */
export const settingsScenarios: readonly Scenario[] = [updating, notUpdating, widening, adapters, full];
