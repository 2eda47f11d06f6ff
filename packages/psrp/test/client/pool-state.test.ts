import { describe, expect, test } from 'vitest';
import { psObject } from '../../src/clixml/index.ts';
import { emptyGuid, encodeMessage, type RunspacePoolState } from '../../src/core/index.ts';
import { runspacePoolStates } from '../../src/core/states.ts';
import { openSpoiled, whole } from './support/spoiled-host.ts';

function stateMessage(state: RunspacePoolState): Uint8Array {
  const payload = psObject({ RunspaceState: runspacePoolStates.indexOf(state) });
  const type = 'RUNSPACEPOOL_STATE';
  return whole(
    encodeMessage({ destination: 'client', type, poolId: emptyGuid, pipelineId: emptyGuid, payload }),
  );
}

const final: readonly RunspacePoolState[] = ['Closing', 'Closed', 'Broken'];

describe('an open pool', () => {
  test.each(runspacePoolStates.filter((state) => !final.includes(state)))(
    'ignores a host that reports the state %s',
    async (state) => {
      const { pool, writeToPool, others } = await openSpoiled();
      await writeToPool(stateMessage(state));
      expect(await others()).toEqual(['later', 'later']);
      expect(pool.state).toBe('Opened');
      await pool.close();
    },
  );

  test.each(final)('ends when its host reports the state %s', async (state) => {
    const { pool, writeToPool } = await openSpoiled();
    await writeToPool(stateMessage(state));
    expect(await pool.ended).toMatchObject({
      code: 'pool-broken',
      message: `The host reported the state ${state}`,
    });
    await expect(pool.invoke({ command: 'Get-Later' }).completed).rejects.toMatchObject({
      code: 'pool-broken',
    });
  });
});
