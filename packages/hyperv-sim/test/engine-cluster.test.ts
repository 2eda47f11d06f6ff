import { expect, test } from 'vitest';
import { HyperVEngine, parametricFleet } from '../src/engine/index.ts';
import { createFakeClock } from '../src/testing.ts';

function engineWith(vmsPerHost: number): HyperVEngine {
  const fleet = parametricFleet({ hosts: 2, vmsPerHost, hostsPerCluster: 2 });
  return new HyperVEngine({ clock: createFakeClock(), seed: '1', fleet });
}

const nodesSeenBy = (engine: HyperVEngine, hostId: string): string[] | undefined =>
  engine.cluster(hostId)?.nodes.map((node) => node.hostId);

test('an evicted node is in no cluster until it joins again', () => {
  const engine = engineWith(0);
  engine.setMember('sim-002', false);
  expect(nodesSeenBy(engine, 'sim-001')).toEqual(['sim-001']);
  expect(nodesSeenBy(engine, 'sim-002')).toBeUndefined();
  expect(engine.host('sim-002')).toMatchObject({ clusterId: null, nodeState: null });
  engine.setMember('sim-002', true);
  expect(nodesSeenBy(engine, 'sim-001')).toEqual(['sim-001', 'sim-002']);
});

test('a node that owns clustered roles cannot be evicted', () => {
  expect(() => engineWith(1).setMember('sim-002', false)).toThrow('still owns clustered roles');
});
