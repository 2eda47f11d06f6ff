import type { VmActionName } from '@aether-v/types';
import { HyperVEngine, type FailureSource, type FleetSpec, type VmSpec } from '../src/engine/index.ts';
import { createFakeClock, type FakeClock } from '../src/testing.ts';

/** States that a test can bring a VM to. */
export const states = [
  'Off',
  'Running',
  'Saved',
  'Paused',
  'Starting',
  'Stopping',
  'Saving',
  'Resetting',
] as const;

const ways: Readonly<Record<(typeof states)[number], [VmSpec['state'], VmActionName?]>> = {
  Off: ['Off'],
  Running: ['Running'],
  Saved: ['Saved'],
  Paused: ['Paused'],
  Starting: ['Off', 'start'],
  Stopping: ['Running', 'shutdown'],
  Saving: ['Running', 'save'],
  Resetting: ['Running', 'reset'],
};

const host = {
  domain: 'corp.example.com',
  cluster: 'CL1',
  osName: 'Microsoft Windows Server 2025 Datacenter',
  osVersion: '10.0.26100',
  manufacturer: 'Dell Inc.',
  model: 'PowerEdge R760',
  processorName: 'Xeon',
  logicalProcessors: 64,
  memoryGb: 512,
  upHours: 100,
  switches: [{ name: 'Production', type: 'External' }],
} as const;

/** Two clustered hosts without VMs. */
export const smallFleetSpec: FleetSpec = {
  clusters: [
    {
      name: 'CL1',
      domain: 'corp.example.com',
      functionalLevel: 13,
      volumes: [{ name: 'V1', sizeGb: 1_024, freeGb: 512 }],
    },
  ],
  hosts: [
    { ...host, name: 'N1' },
    { ...host, name: 'N2' },
  ],
  networks: { servers: { switchName: 'Production', vlan: 20, subnet: '10.0.0' } },
  vms: {},
};

/** A fleet to play with. */
export interface SmallFleet {
  readonly engine: HyperVEngine;
  readonly clock: FakeClock;
  readonly hostId: string;
  /** Creates a VM and returns its id. */
  readonly add: (spec: VmSpec) => string;
  /** Creates a VM and brings it to this state. */
  readonly inState: (state: (typeof states)[number]) => string;
}

/** Makes one: a host `n1` (and `n2`), on a clock that stands still. */
export function smallFleet(failures?: FailureSource): SmallFleet {
  const clock = createFakeClock();
  const engine = new HyperVEngine({
    clock,
    seed: 'test',
    fleet: smallFleetSpec,
    ...(failures && { failures }),
  });
  const hostId = 'n1';
  const add = (spec: VmSpec): string => engine.createVm(hostId, spec).vmId;
  const inState: SmallFleet['inState'] = (wanted) => {
    const [state, action] = ways[wanted];
    const vmId = add({ name: 'SRV', role: 'web', octet: 9, memoryGb: 8, ...(state && { state }) });
    if (action && !failures) engine.power(hostId, vmId, action);
    return vmId;
  };
  return { engine, clock, hostId, add, inState };
}
