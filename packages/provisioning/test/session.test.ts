import { beforeEach, describe, expect, test } from 'vitest';
import { keyPair } from '../scripts/vectors/keys.ts';
import {
  itemLimits,
  itemNames,
  ProvisioningSession,
  SealError,
  type DocumentSections,
  type Item,
  type Step,
} from '../src/index.ts';
import { newKey, SimulatedGuest } from './support/simulated-guest.ts';
import { keys } from './support/vectors.ts';

const operation = '01890a5d-ac96-774b-bcce-b302099a8057';
const vm = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const signingKey = keyPair(keys, 'signing');
const document: DocumentSections = {
  hostname: 'web-01',
  users: [{ name: 'ops', passwordHash: '$6$salt$hash' }],
  scripts: [{ name: 'last', content: 'true' }],
};
const pairs = [newKey(), newKey()] as const;

let session: ProvisioningSession;
let guest: SimulatedGuest;
let log: Step[];

beforeEach(() => {
  session = new ProvisioningSession({ operation, vm, document, signingKey });
  guest = new SimulatedGuest(vm, [signingKey], pairs[0]);
  log = [];
  guest.take(session.start());
});

/** One poll of the service: what the guest wrote goes in, the steps are taken. */
async function poll(boot = 'boot 1', items: readonly Item[] = guest.items): Promise<Step[]> {
  const steps = await session.receive({ items, boot });
  guest.take(steps);
  log.push(...steps);
  return steps;
}

async function untilOpened(): Promise<void> {
  guest.publishKey();
  await poll();
  expect(await guest.open()).toMatchObject({ kind: 'opened', document });
  await poll();
}

const lastStep = (): Step | undefined => log.at(-1);

describe('a session of the service', () => {
  test('seals the document to the guest’s key, and ends with the guest’s report', async () => {
    await untilOpened();
    guest.report({ hostKeys: [`ssh-ed25519 SHA256:${'B'.repeat(43)}`] });
    await poll();
    expect(lastStep()).toMatchObject({ kind: 'finished', report: { result: 'done' } });
    expect([...guest.hostItems]).toEqual([]);
  });

  test('removes items of earlier operations before it adds the request', () => {
    const steps = session.start([
      { name: itemNames.manifest, value: 'old' },
      { name: 'VirtualMachineId', value: vm },
    ]);
    expect(steps).toEqual([
      { kind: 'remove', names: [itemNames.manifest] },
      { kind: 'add', items: [{ name: itemNames.request, value: `1 ${operation} ${vm}` }] },
    ]);
  });

  test('writes the manifest after all chunks', async () => {
    guest.publishKey();
    const added = (await poll()).flatMap((step) => (step.kind === 'add' ? [step.items] : []));
    expect(added).toHaveLength(2);
    expect(added[0]?.every(({ name }) => name.includes('.chunk.1.'))).toBe(true);
    expect(added[1]?.map(({ name }) => name)).toEqual([itemNames.manifest]);
  });

  test('removes the document as soon as the guest has opened it', async () => {
    await untilOpened();
    expect([...guest.hostItems.keys()]).toEqual([itemNames.request]);
  });

  test('publishes nothing twice if nothing changes', async () => {
    guest.publishKey();
    await poll();
    expect(await poll()).toEqual([]);
  });

  test('ignores the key of an earlier operation that the pool still holds', async () => {
    const stale = new SimulatedGuest(vm, [signingKey], pairs[1]);
    stale.hostItems.set(itemNames.request, `1 11111111-2222-7333-8444-555555555555 ${vm}`);
    stale.publishKey();
    expect(await poll('boot 1', stale.items)).toEqual([]);
  });

  test('ignores a status that is older than the last one', async () => {
    guest.publishKey();
    await poll();
    const old = guest.items;
    await guest.open();
    await poll();
    expect(await poll('boot 1', old)).toEqual([]);
  });

  test('seals only the open sections after an announced reboot, under a new report key', async () => {
    await untilOpened();
    guest.announceReboot('hostname,users');
    await poll();
    guest.boot(pairs[1]);
    guest.publishKey();
    await poll('boot 2');
    expect(await guest.open()).toMatchObject({ kind: 'opened', document: { scripts: document.scripts } });
    await poll('boot 2');
    guest.report();
    await poll('boot 2');
    expect(lastStep()).toMatchObject({ kind: 'finished' });
  });

  test('remembers an announced reboot that disappears from the pool', async () => {
    await untilOpened();
    guest.announceReboot('hostname');
    await poll();
    guest.guestItems.clear();
    guest.boot(pairs[1]);
    guest.publishKey();
    await poll('boot 2');
    expect(await guest.open()).toMatchObject({ kind: 'opened' });
  });

  test.each([
    ['without an announcement', false, 'boot 2', 'unannounced-key'],
    ['without a boot', true, 'boot 1', 'key-without-boot'],
  ])('ends, and seals nothing any more, for a new key %s', async (_, isAnnounced, boot, code) => {
    await untilOpened();
    if (isAnnounced) guest.announceReboot('-');
    await poll();
    guest.boot(pairs[1]);
    guest.publishKey();
    await poll(boot);
    expect(lastStep()).toEqual({ kind: 'ended', code, guestCode: null });
    expect([...guest.hostItems]).toEqual([]);
    expect(await poll(boot)).toEqual([]);
  });

  test('does not believe an announcement that another key made', async () => {
    await untilOpened();
    const forger = new SimulatedGuest(vm, [signingKey], pairs[0]);
    forger.take(session.start());
    forger.announceReboot('hostname');
    await poll(
      'boot 1',
      forger.items.filter(({ name }) => name === itemNames.reboot),
    );
    guest.boot(pairs[1]);
    guest.publishKey();
    await poll('boot 2');
    expect(lastStep()).toMatchObject({ kind: 'ended', code: 'unannounced-key' });
  });

  test('publishes again after a refusal, and ends after the third', async () => {
    const deaf = new SimulatedGuest(vm, [keyPair(keys, 'stranger')], pairs[0]);
    guest = deaf;
    session = new ProvisioningSession({ operation, vm, document, signingKey });
    guest.take(session.start());
    guest.publishKey();
    for (const generation of [1, 2, 3]) {
      await poll();
      expect([...guest.hostItems.keys()]).toContain(`aether-v.provisioning.chunk.${generation}.0`);
      expect(await guest.open()).toEqual({ kind: 'refused', code: 'signature' });
    }
    await poll();
    expect(lastStep()).toEqual({ kind: 'ended', code: 'refused', guestCode: 'signature' });
    expect([...guest.hostItems]).toEqual([]);
  });

  test('ends if the guest fails before it opens a document', async () => {
    guest.publishKey();
    await poll();
    guest.status('failed', 'swap');
    await poll();
    expect(lastStep()).toEqual({ kind: 'ended', code: 'guest-failed', guestCode: 'swap' });
  });

  test('ends if the guest fails before it has a key', async () => {
    guest.status('failed', 'swap');
    await poll();
    expect(lastStep()).toEqual({ kind: 'ended', code: 'guest-failed', guestCode: 'swap' });
    expect([...guest.hostItems]).toEqual([]);
  });

  test('ends if the guest booted without having announced it', async () => {
    await untilOpened();
    guest.status('failed', 'interrupted');
    await poll('boot 2');
    expect(lastStep()).toEqual({ kind: 'ended', code: 'guest-failed', guestCode: 'interrupted' });
  });

  test('finishes with the report of a guest that failed after it opened the document', async () => {
    await untilOpened();
    guest.report({ result: 'failed', code: 'users-failed' });
    guest.status('failed', 'users-failed');
    await poll();
    expect(lastStep()).toMatchObject({
      kind: 'finished',
      report: { result: 'failed', code: 'users-failed' },
    });
  });

  test.each([
    ['another MAC key', {}, Buffer.alloc(32, 1), 'report-mac'],
    ['the digest of another key', { spki: 'A'.repeat(43) }, undefined, 'report-mismatch'],
    ['another VM', { vm: '11111111-2222-7333-8444-555555555555' }, undefined, 'report-mismatch'],
    ['an unknown result', { result: 'perhaps' as 'done' }, undefined, 'report-form'],
  ])('ends without success for a report with %s', async (_, change, key, code) => {
    await untilOpened();
    guest.report(change, key);
    await poll();
    expect(lastStep()).toEqual({ kind: 'ended', code, guestCode: null });
  });

  test('removes all its items when the caller stops it', async () => {
    guest.publishKey();
    await poll();
    guest.take(session.stop());
    expect([...guest.hostItems]).toEqual([]);
    expect(session.stop()).toEqual([]);
  });

  test('refuses an invalid document, and names its fields without their values', () => {
    const invalid = { ...document, users: [{ name: 'ops', passwordHash: 's3cret' }], hostname: 's3cret!' };
    const refusal = () => new ProvisioningSession({ operation, vm, document: invalid, signingKey });
    expect(refusal).toThrow(SealError);
    expect(refusal).toThrow(/^The document is invalid at: \/hostname, \/users\/0\/passwordHash\.$/);
  });

  test('refuses a document that would not fit into the items', () => {
    const scripts = [0, 1].map((index) => ({ name: `script-${index}`, content: 'x'.repeat(20_000) }));
    expect(() => new ProvisioningSession({ operation, vm, document: { scripts }, signingKey })).toThrow(
      'The document has more than 40000 bytes.',
    );
  });

  test('refuses a document with two users of one name', () => {
    const users = [{ name: 'ops' }, { name: 'ops' }];
    expect(() => new ProvisioningSession({ operation, vm, document: { users }, signingKey })).toThrow(
      '/users/1',
    );
  });

  test('never has more items than the protocol allows, with the largest document', async () => {
    const content = 'x'.repeat(19_850);
    const scripts = [0, 1].map((index) => ({ name: `script-${index}`, content }));
    session = new ProvisioningSession({ operation, vm, document: { scripts }, signingKey });
    guest.hostItems.clear();
    guest.take(session.start());
    guest.publishKey();
    await poll();
    expect(guest.hostItems.size).toBeGreaterThan(60);
    expect(guest.hostItems.size).toBeLessThanOrEqual(itemLimits.items);
    expect(await guest.open()).toMatchObject({ kind: 'opened' });
  });
});
