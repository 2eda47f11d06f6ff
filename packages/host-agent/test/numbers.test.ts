import { windowsEnumerations, windowsTables } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import * as sent from './bridge/numbers.ts';

type Literals = Readonly<Record<string, number | readonly number[]>>;

/** The numbers that the stubs send, and the table by which the agent reads them. */
const pairs: readonly (readonly [keyof typeof windowsEnumerations, Literals])[] = [
  ['vmEnabledState', sent.enabledStates],
  ['vmActivity', sent.activities],
  ['vmHealth', sent.healthStates],
  ['userSnapshotType', sent.snapshotTypes],
  ['automaticStartAction', sent.startActions],
  ['automaticStopAction', sent.stopActions],
  ['replicationMode', sent.replicationModes],
  ['integrationServiceStatus', sent.componentStates],
  ['clusterGroupState', sent.roleStates],
  ['clusterNodeState', sent.nodeStates],
];

describe('the tables of Windows enumerations', () => {
  test.each(pairs)('%s names each number that the stubs send as they do', (name, literals) => {
    const { values } = windowsEnumerations[name];
    for (const [word, numbers] of Object.entries(literals)) {
      for (const number of [numbers].flat())
        expect([number, (values as Readonly<Record<number, string>>)[number]]).toEqual([number, word]);
    }
    expect([...new Set(Object.values(values))].sort()).toEqual(Object.keys(literals).sort());
  });

  test('vmOtherEnabledState names each text that the stubs send', () => {
    const read = Object.entries(sent.otherEnabledStates).map(([state, text]) => [text.toLowerCase(), state]);
    expect(windowsTables['vmOtherEnabledState']).toEqual(Object.fromEntries(read));
  });

  test('no state of a VM is critical: that is its health', () => {
    expect(
      Object.values(windowsEnumerations.vmEnabledState.values).filter((name) => /crit/i.test(name)),
    ).toEqual([]);
    expect(windowsEnumerations.vmEnabledState.values).toMatchObject({
      32781: 'ForceShutdown',
      32782: 'ForceReboot',
      32783: 'Hibernated',
      32784: 'ComponentServicing',
    });
  });

  test.each(Object.entries(windowsEnumerations))(
    '%s says where its numbers are written',
    (_name, { source }) => {
      expect(source).toMatch(/learn\.microsoft\.com/);
    },
  );
});
