import { resultOfJob } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vmSpec } from '../support/hosts.ts';
import { ServedFleet } from '../support/served-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

const gibibyte = 1024 ** 3;

let served: ServedFleet;
let url: string;

beforeAll(async () => {
  served = await ServedFleet.start(
    smallFleet({
      N1: [vmSpec('DISKS', { clustered: true, disksGb: [40, 10], dvd: null })],
      N2: [vmSpec('OTHER', { clustered: true })],
      ALONE: [],
    }),
  );
  url = `/vms/${(await served.vmNamed('DISKS')).id}`;
});

afterAll(() => served[Symbol.asyncDispose]());

const post = (path: string, body: object) => ({ method: 'POST', path: `${url}${path}`, body }) as const;
const disks = () => served.facts('DISKS').disks;
/** Waits until the service shows as many disks as the VM has. */
const shown = () => served.shown('DISKS', (vm) => vm.disks.length === disks().length);

describe('disks', () => {
  test('POST /disks creates a disk from an image, and an empty disk', async () => {
    await served.change(post('/disks', { disk: { image: 'debian-12', sizeBytes: null } }));
    const job = await served.change(
      post('/disks', { disk: { sizeBytes: gibibyte, type: 'Fixed' }, storageClass: 'V1' }),
    );
    const { id, path } = resultOfJob(job, 'disk.create')?.disk ?? {};
    expect(disks().map(({ size }) => size)).toEqual([40, 10, 16, 1].map((gb) => gb * gibibyte));
    expect(disks().at(-1)).toMatchObject({ id, path, type: 'Fixed' });
    expect(served.hasFile('n1', path ?? '')).toBe(true);
  });

  test('POST /disks/{diskId}/detach keeps the file, and POST /disks/attach attaches it again', async () => {
    await shown();
    const { id, path } = disks().at(-1) ?? { id: '', path: '' };
    await served.change(post(`/disks/${id}/detach`, { path }));
    expect(disks()).toHaveLength(3);
    expect(served.hasFile('n1', path)).toBe(true);
    await served.change(post('/disks/attach', { path }));
    expect(disks().at(-1)).toMatchObject({ path });
  });

  test('POST /disks/attach fails for the disk of a VM on another node, as its plan says', async () => {
    const [{ path } = { path: '' }] = served.facts('OTHER').disks;
    const request = post('/disks/attach', { path });
    const before = served.state();
    const { ok, refusals } = await served.plan(request);
    expect([ok, refusals.map(({ code }) => code)]).toEqual([false, expect.arrayContaining(['in-use'])]);
    expect(await served.run(request)).toMatchObject({ state: 'failed', error: { code: 'in-use' } });
    expect(served.state()).toEqual(before);
  });

  test('POST /disks/{diskId}/grow sets the size of the disk', async () => {
    await shown();
    const [, { id, path } = { id: '', path: '' }] = disks();
    await served.change(post(`/disks/${id}/grow`, { path, sizeBytes: 20 * gibibyte }));
    expect(disks()[1]?.size).toBe(20 * gibibyte);
    const smaller = post(`/disks/${id}/grow`, { path, sizeBytes: 5 * gibibyte });
    expect(await served.plan(smaller)).toMatchObject({ ok: false, refusals: [{ code: 'not-supported' }] });
  });

  test('DELETE /disks/{diskId} detaches the disk and deletes the file that its plan names', async () => {
    await shown();
    const { id, path } = disks().at(-1) ?? { id: '', path: '' };
    const request = {
      method: 'DELETE',
      path: `${url}/disks/${id}?path=${encodeURIComponent(path)}`,
    } as const;
    expect((await served.plan(request)).deletes).toContain(path);
    await served.change(request);
    expect(disks()).toHaveLength(3);
    expect(served.hasFile('n1', path)).toBe(false);
  });
});

describe('media', () => {
  test('POST /dvd/insert and /dvd/eject change the medium of the drive', async () => {
    await served.change(post('/dvd/insert', { iso: 'en-us_windows_server_2025.iso' }));
    const [drive] = served.facts('DISKS').dvdDrives;
    expect(drive?.path).toMatch(/en-us_windows_server_2025\.iso$/);
    await served.change(post('/dvd/eject', { driveId: drive?.id ?? '', path: drive?.path ?? '' }));
    expect(served.facts('DISKS').dvdDrives.map(({ path }) => path)).toEqual([null]);
    const unknown = post('/dvd/insert', { iso: 'unknown.iso' });
    expect(await served.plan(unknown)).toMatchObject({ ok: false, refusals: [{ code: 'not-found' }] });
  });
});
