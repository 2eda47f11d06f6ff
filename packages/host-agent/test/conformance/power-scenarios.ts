import { vmActionNames, type VmActionName } from '@aether-v/types';
import type { VmSpec } from '@aether-v/hyperv-sim/engine';
import type { Scenario } from './stage.ts';
import { abroad, fleetOf, small } from './worlds.ts';

/** States that a VM is found in: how it is made, and the action that brings it there where it is on its way. */
const states: Readonly<Record<string, readonly [Partial<VmSpec>, VmActionName?]>> = {
  Off: [{}],
  Running: [{ state: 'Running' }],
  Saved: [{ state: 'Saved' }],
  Paused: [{ state: 'Paused' }],
  Starting: [{}, 'start'],
  Stopping: [{ state: 'Running', manners: 'hangs' }, 'shutdown'],
  Saving: [{ state: 'Running', memoryGb: 60 }, 'save'],
  Resetting: [{ state: 'Running' }, 'reset'],
  Critical: [{ state: 'Paused', critical: true, disksGb: [] }],
  'Off and critical': [{ health: 'MajorFailure' }],
  Hibernated: [{ state: 'Hibernated' }],
  'Hangs in Saving': [{ state: 'Saving' }],
  'Hangs in ForceReboot': [{ state: 'ForceReboot' }],
};

/** Every action in every state: what Hyper-V refuses, both refuse. */
function inEveryState(action: VmActionName): Scenario {
  return {
    name: `${action} in every state`,
    world: {
      fleet: fleetOf(Object.entries(states).map(([name, [spec]]) => small(name, spec))),
      hostId: 'n1',
    },
    play: async (stage) => {
      for (const [name, [, before]] of Object.entries(states)) {
        const { vmId } = stage.vm(name);
        stage.side.time.freeze();
        if (before) stage.side.engine.power('n1', vmId, before);
        const request = action === 'shutdown' ? { vmId, force: false } : { vmId };
        const conversation = await stage.begin(stage.envelope(`vm.${action}`, request));
        await conversation.until(({ type }) => type !== 'log');
        stage.side.time.thaw();
        await stage.finish(name, conversation);
      }
    },
  };
}

const guests: Readonly<Record<string, Partial<VmSpec>>> = {
  obeys: {},
  'unsaved work': { manners: 'unsaved-work' },
  hangs: { manners: 'hangs' },
  appliance: { os: 'appliance' },
  'without the service': { disabledServices: ['Shutdown'] },
  linux: { os: 'debian-12' },
};

const askingGuests: Scenario = {
  name: 'what guests do when they are asked',
  unforeseen: {
    'shutdown unsaved work': 'only the guest knows its unsaved work',
    'restart unsaved work': 'only the guest knows its unsaved work',
  },
  world: {
    fleet: fleetOf(
      Object.entries(guests).flatMap(([name, spec]) =>
        ['shutdown', 'force', 'restart'].map((how) => small(`${how} ${name}`, { ...spec, state: 'Running' })),
      ),
    ),
    hostId: 'n1',
  },
  play: async (stage) => {
    for (const name of Object.keys(guests)) {
      const ids = ['shutdown', 'force', 'restart'].map((how) => stage.vm(`${how} ${name}`).vmId);
      await stage.call(`shutdown ${name}`, 'vm.shutdown', { vmId: ids[0], force: false });
      await stage.call(`force ${name}`, 'vm.shutdown', { vmId: ids[1], force: true });
      await stage.call(`restart ${name}`, 'vm.restart', { vmId: ids[2] });
    }
  },
};

const outOfMemory: Scenario = {
  name: 'a start without memory for it, and a VM that is not there',
  unforeseen: {
    start: 'Hyper-V can take memory from VMs with dynamic memory, so only a start shows if it suffices',
  },
  world: { fleet: fleetOf([small('HUGE', { memoryGb: 600 })]), hostId: 'n1' },
  play: async (stage) => {
    await stage.call('start', 'vm.start', { vmId: stage.vm('HUGE').vmId });
    for (const action of vmActionNames) {
      const vmId = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';
      await stage.call(
        `${action} nothing`,
        `vm.${action}`,
        action === 'shutdown' ? { vmId, force: false } : { vmId },
      );
    }
  },
};

const overtaken: Scenario = {
  name: 'an action that another one overtakes',
  world: {
    fleet: fleetOf([small('A'), small('B', { state: 'Running' })]),
    hostId: 'n1',
  },
  play: async (stage) => {
    const stopped = [
      ['A', 'start'],
      ['B', 'restart'],
    ] as const;
    for (const [name, action] of stopped) {
      const { vmId } = stage.vm(name);
      stage.side.time.freeze();
      const first = await stage.begin(stage.envelope(`vm.${action}`, { vmId }));
      await first.until(({ type }) => type === 'progress');
      const second = await stage.begin(stage.envelope('vm.stop', { vmId }));
      await second.until(({ type }) => type === 'progress');
      stage.side.time.thaw();
      await stage.finish(`${action} ${name}`, first);
      await stage.finish(`stop ${name}`, second);
    }
  },
};

/** Power actions. */
export const powerScenarios: readonly Scenario[] = abroad([
  ...vmActionNames.map(inEveryState),
  askingGuests,
  outOfMemory,
  overtaken,
]);
