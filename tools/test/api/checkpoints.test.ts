import { resultOfJob, type CheckpointList } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vmSpec } from '../support/hosts.ts';
import { ServedFleet } from '../support/served-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

let served: ServedFleet;
let url: string;
/** The ids of the checkpoints, in the order in which they were taken. */
const ids: string[] = [];

beforeAll(async () => {
  served = await ServedFleet.start(
    smallFleet({ N1: [vmSpec('CHECK', { clustered: true })], N2: [], ALONE: [] }),
  );
  url = `/vms/${(await served.vmNamed('CHECK')).id}/checkpoints`;
});

afterAll(() => served[Symbol.asyncDispose]());

const checkpoints = () => served.facts('CHECK').checkpoints;
const shown = () => served.shown('CHECK', (vm) => vm.checkpoints.length === checkpoints().length);

test('POST /checkpoints takes checkpoints, each based on the previous one', async () => {
  for (const name of ['one', 'two', 'three']) {
    const job = await served.change({ method: 'POST', path: url, body: { name } });
    ids.push(resultOfJob(job, 'checkpoint.create')?.checkpoint.id ?? '');
  }
  expect(checkpoints().map(({ id, name, parentId }) => [id, name, parentId])).toEqual([
    [ids[0], 'one', null],
    [ids[1], 'two', ids[0]],
    [ids[2], 'three', ids[1]],
  ]);
  await shown();
});

test('GET /checkpoints returns the tree with sizes', async () => {
  const { body } = await served.send<CheckpointList>({ method: 'GET', path: url });
  expect(body.items.map(({ id }) => id)).toEqual(ids);
  expect(body.items.map(({ size }) => typeof size)).toEqual(['number', 'number', 'number']);
});

test('PATCH /checkpoints/{checkpointId} renames the checkpoint', async () => {
  await served.change({ method: 'PATCH', path: `${url}/${ids[1]}`, body: { name: 'second' } });
  expect(checkpoints()[1]?.name).toBe('second');
});

test('POST /checkpoints/{checkpointId}/apply makes the checkpoint current', async () => {
  await served.change({ method: 'POST', path: `${url}/${ids[0]}/apply`, body: {} });
  expect(checkpoints().find(({ current }) => current)?.id).toBe(ids[0]);
});

test('DELETE /checkpoints/{checkpointId} deletes the checkpoint alone, or with its subtree', async () => {
  await served.change({ method: 'DELETE', path: `${url}/${ids[2]}` });
  expect(checkpoints().map(({ id }) => id)).toEqual(ids.slice(0, 2));
  await shown();
  const job = await served.change({ method: 'DELETE', path: `${url}/${ids[0]}?subtree=true` });
  expect(resultOfJob(job, 'checkpoint.delete')?.deleted.toSorted()).toEqual(ids.slice(0, 2).toSorted());
  expect(checkpoints()).toEqual([]);
});
