import type { VmFacts } from '@aether-v/types';
import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';

/** The change tokens of a VM. */
export interface ChangeTimes {
  configuration: number;
  state: number;
}

/** What TimeOfLastStateChange does not move for, nor TimeOfLastConfigurationChange. */
const neither: readonly (keyof VmFacts)[] = [
  'startedAt',
  'heartbeat',
  'guest',
  'integrationServices',
  'clusterRole',
  'activity',
  'health',
];

function parts(vm: VmFacts): { readonly state: string; readonly configuration: string } {
  const rest = Object.entries(vm).filter(
    ([key]) => !neither.includes(key as keyof VmFacts) && key !== 'state' && key !== 'critical',
  );
  const configuration = Object.fromEntries(rest) as Partial<VmFacts>;
  const networkAdapters = vm.networkAdapters.map((adapter) => ({ ...adapter, addresses: [] }));
  return {
    state: `${vm.state}${vm.critical}`,
    configuration: JSON.stringify({ ...configuration, networkAdapters }),
  };
}

/** Keeps the two change tokens of each VM of a host, as vmms does. */
export class ChangeClock {
  readonly #times = new Map<string, ChangeTimes & { said: ReturnType<typeof parts> }>();
  readonly #engine: HyperVEngine;

  constructor(engine: HyperVEngine, hostId: string) {
    this.#engine = engine;
    for (const vm of engine.vms(hostId)) this.of(vm);
    engine.subscribe(({ hostId: where, vmId }) => {
      const vm = where === hostId ? engine.vm(hostId, vmId) : undefined;
      if (vm) this.of(vm);
    });
  }

  /** The tokens of a VM as it now is. */
  of(vm: VmFacts): ChangeTimes {
    const now = this.#engine.clock.now();
    const said = parts(vm);
    const known = this.#times.get(vm.vmId);
    const times = {
      state: known && known.said.state === said.state ? known.state : now,
      configuration: known && known.said.configuration === said.configuration ? known.configuration : now,
      said,
    };
    this.#times.set(vm.vmId, times);
    return times;
  }
}
