import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { BridgeOptions } from '../bridge/bridge.ts';
import { fleetOf } from '../conformance/worlds.ts';

/** A host without VMs, for tests that are not about them. */
export function loneHost(): BridgeOptions {
  const clock = createFakeClock();
  const engine = new HyperVEngine({ clock, seed: 'alone', fleet: fleetOf([]) });
  return { engine, hostId: 's1', advance: (milliseconds) => clock.advance(milliseconds) };
}
