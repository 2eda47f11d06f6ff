import type { DocumentSections, Step } from '@aether-v/provisioning';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Guest } from './support/guest.ts';
import { disorderly } from './support/host-pool.ts';
import { image } from './support/images.ts';
import { needs } from './support/parts.ts';

const { skip, reason } = needs([image('bookworm'), '/usr/bin/unshare', '/usr/bin/strace']);

const token = 's3cret-t0ken-in-a-script';
const hash =
  '$6$a1b2c3d4$Zx9vQ0nF5kR7pL2sT8wY3uJ6hG1dC4bM0eN5iO9aV7xK2qP8rS3tU6yW1zB4fE0jH5lD7mG9cX2vI8oA3nQ6k/';
const publicKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMP ops@example.org';
const document: DocumentSections = {
  hostname: 'web-01.example.org',
  users: [
    { name: 'ops', passwordHash: hash, sudo: 'password', shell: '/bin/bash', groups: ['adm'] },
    { name: 'deploy', sudo: 'without-password' },
  ],
  sshKeys: [{ user: 'ops', keys: [publicKey] }],
  scripts: [
    { name: 'first', content: `printf '%s' '${token}' | wc -c >/root/length\n` },
    { name: 'second', content: 'hostname >/root/name-in-script\necho run >>/root/runs\n' },
  ],
};

const network: DocumentSections['network'] = {
  adapters: [
    { mac: '00:15:5d:00:00:01', addresses: ['192.0.2.10/24'], gateway4: '192.0.2.1', dns: ['192.0.2.53'] },
  ],
};

const last = ({ steps }: { steps: readonly Step[] }): Step | undefined => steps.at(-1);

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The fingerprint of a public key as the report has it. */
function fingerprint(line: string): string {
  const [type = '', key = ''] = line.split(' ');
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return `${type} SHA256:${digest.replace('=', '')}`;
}

/** What a restart and a reboot of the agent must not change once it is there. */
const identity = (guest: Guest): string[] =>
  ['etc/machine-id', 'etc/ssh/ssh_host_ed25519_key', 'etc/ssh/ssh_host_rsa_key'].map((file) =>
    guest.read(file),
  );

/** The text in every form in which it could leak. */
function forms(text: string): string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    bytes.toString('base64').slice(0, -4),
    bytes.toString('base64url').slice(0, -4),
    bytes.toString('hex'),
    encodeURIComponent(text),
  ];
}

/** Returns the files below a folder that contain a text in any form. */
function filesWith(folder: string, text: string): string[] {
  const wanted = forms(text);
  const found: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    const content = readFileSync(path, 'latin1');
    if (wanted.some((form) => content.includes(form))) found.push(name);
  }
  return found;
}

function expectConfigured(guest: Guest): void {
  expect(last(guest)).toMatchObject({ kind: 'finished', report: { result: 'done', itemsRemoved: true } });
  expect(guest.read('etc/hostname')).toBe('web-01\n');
  expect(guest.read('etc/hosts')).toContain('127.0.1.1 web-01.example.org web-01\n');
  expect(guest.read('etc/passwd')).toMatch(/^ops:.*:\/home\/ops:\/bin\/bash$/m);
  expect(guest.read('etc/passwd')).toMatch(/^deploy:/m);
  expect(guest.read('etc/shadow')).toContain(`ops:${hash}:`);
  expect(guest.read('etc/group')).toMatch(/^adm:.*\bops$/m);
  expect(guest.read('etc/sudoers.d/aether-v-ops')).toBe('ops ALL=(ALL:ALL) ALL\n');
  expect(guest.read('etc/sudoers.d/aether-v-deploy')).toBe('deploy ALL=(ALL:ALL) NOPASSWD: ALL\n');
  expect(guest.read('home/ops/.ssh/authorized_keys')).toBe(`${publicKey}\n`);
  expect(guest.read('root/length').trim()).toBe(String(token.length));
  expect(guest.read('root/name-in-script')).toBe('web-01\n');
  expect(guest.read('root/runs')).toBe('run\n');
}

/** The guest kept nothing secret but the password hash, and only its own item of another program. */
function expectClean(guest: Guest): void {
  expect(filesWith(join(guest.folder, 'upper'), token)).toEqual([]);
  expect(
    filesWith(join(guest.folder, 'upper'), hash).filter((file) => !/^etc\/shadow-?$/.test(file)),
  ).toEqual([]);
  expect(filesWith(join(guest.folder, 'pools'), token)).toEqual([]);
  // netplan leaves its output and rules of udev.
  const left = readFileSync(join(guest.folder, 'run-after'), 'utf8').split('\n').filter(Boolean);
  expect(left.filter((name) => name !== 'systemd' && name !== 'udev')).toEqual([]);
  expect(guest.items).toEqual([{ name: 'CLOUD_INIT', value: 'of another program' }]);
  for (const secret of [token, hash]) {
    for (const form of forms(secret)) expect(guest.trace).not.toContain(form);
  }
}

// A boot starts several hundred programs under strace.
describe.skipIf(skip)(`the Linux agent in a chroot${reason}`, { timeout: 900_000 }, () => {
  test('configures the guest as the document asks, and leaves no secret behind, in dash', async () => {
    using guest = new Guest({ ...document, network });
    await guest.boot();
    expect(guest.read('etc/netplan/90-aether-v.yaml')).toContain('- "192.0.2.10/24"\n');
    expectConfigured(guest);
    expectClean(guest);
    expect(readFileSync(join(guest.folder, 'hostname-after'), 'utf8')).toBe('web-01\n');
    const report = last(guest);
    expect(report?.kind === 'finished' && report.report.hostKeys.length).toBe(
      readdirSync(guest.path('etc/ssh')).filter((name) => name.endsWith('_key.pub')).length,
    );
  });

  test('configures the guest although items arrive late, twice, reordered and torn, in bash', async () => {
    using guest = new Guest(document, { shell: 'bash', delivery: disorderly });
    await guest.boot();
    expectConfigured(guest);
    expectClean(guest);
  });

  test('continues after it was killed, and runs every script once', async () => {
    using guest = new Guest(document);
    const phases = ['waiting', 'applying', 'done'];
    let kept: string[] | undefined;
    await guest.boot(() => {
      if (kept === undefined && isFile(guest.path('etc/hostname'))) kept = identity(guest);
      const reached = phases[0];
      if (reached === undefined || ![...guest.seen].some((value) => value.includes(` ${reached} `))) return;
      phases.shift();
      guest.kill();
    });
    expect(phases).toEqual([]);
    expect(identity(guest)).toEqual(kept);
    expectConfigured(guest);
    expectClean(guest);
  });

  test('continues after a reboot that a section asks for, with a new key', async () => {
    using guest = new Guest(document);
    guest.write(
      'usr/lib/aether-v/provisioning/phases.d/20-users.sh',
      `${readFileSync(join(import.meta.dirname, '../linux/phases.d/20-users.sh'), 'utf8')}\nexit 10\n`,
    );
    await guest.boot();
    expect(guest.wantsReboot).toBe(true);
    expect(readFileSync(join(guest.folder, 'run-after'), 'utf8')).toBe('aether-v-provisioning\n');
    const kept = identity(guest);
    await guest.boot();
    expect(identity(guest)).toEqual(kept);
    expectConfigured(guest);
    expectClean(guest);
    const keys = [...guest.seen].filter((value) => (value.split(' ')[4] ?? '').length > 500);
    expect(new Set(keys.map((value) => value.split(' ')[4])).size).toBe(2);
  });

  test('two guests of one image have different keys, machine ids and SSH host keys, none of them the image’s', async () => {
    const ofImage = { machineId: `${'0'.repeat(31)}1\n`, hostKey: 'ssh-ed25519 AAAAIMAGE\n' };
    const identities: string[][] = [];
    for (const hostname of ['first', 'second']) {
      using guest = new Guest({ hostname });
      guest.write('etc/machine-id', ofImage.machineId);
      guest.write('var/lib/dbus/machine-id', ofImage.machineId);
      for (const type of ['ed25519', 'dsa']) guest.write(`etc/ssh/ssh_host_${type}_key.pub`, ofImage.hostKey);
      await guest.boot();
      const machineId = guest.read('etc/machine-id');
      expect(machineId).toMatch(/^[0-9a-f]{12}4[0-9a-f]{19}\n$/);
      expect(guest.read('var/lib/dbus/machine-id')).toBe(machineId);
      const hostKey = guest.read('etc/ssh/ssh_host_ed25519_key.pub');
      expect(guest.path('etc/ssh/ssh_host_dsa_key.pub')).not.toSatisfy(isFile);
      expect(statSync(guest.path('etc/ssh/ssh_host_ed25519_key')).mode & 0o777).toBe(0o600);
      const report = last(guest);
      expect(report?.kind === 'finished' && report.report.hostKeys).toContain(fingerprint(hostKey));
      const spki = [...guest.seen]
        .map((value) => value.split(' ')[4] ?? '')
        .find((text) => text.length > 500);
      identities.push([spki ?? '', machineId, hostKey.split(' ')[1] ?? '']);
    }
    const [first = [], second = []] = identities;
    for (const [index, value] of first.entries()) expect(value).not.toBe(second[index]);
    expect(identities.flat()).not.toContain('');
  });

  test('reports an adapter that it does not have, and changes nothing after it', async () => {
    const adapters = [{ mac: '00:15:5d:00:00:09', dhcp4: true }];
    using guest = new Guest({ ...document, network: { adapters } });
    await guest.boot();
    expect(last(guest)).toMatchObject({
      kind: 'finished',
      report: { result: 'failed', code: 'network-adapter-missing' },
    });
    expect(guest.read('etc/hostname')).toBe('web-01\n');
    for (const file of ['etc/netplan', 'etc/shadow', 'root/runs']) {
      expect(statSync(guest.path(file), { throwIfNoEntry: false })).toBeUndefined();
    }
  });

  test('ends the operation after a reboot that it did not announce', async () => {
    using guest = new Guest(document);
    await guest.boot(() => {
      if (![...guest.seen].some((value) => value.includes(' applying '))) return;
      guest.crash();
    });
    await guest.boot();
    expect([...guest.seen]).toContainEqual(expect.stringMatching(/ failed 0 interrupted$/));
  });

  test('refuses documents that a stranger signed, three times, and writes nothing', async () => {
    using guest = new Guest(document, { trusted: 'stranger' });
    await guest.boot();
    expect(last(guest)).toEqual({ kind: 'ended', code: 'refused', guestCode: 'signature' });
    expect([...guest.seen].filter((value) => value.includes(' refused 0 signature'))).toHaveLength(3);
    for (const file of ['etc/hostname', 'etc/shadow', 'root', 'home']) {
      expect(statSync(guest.path(file), { throwIfNoEntry: false })).toBeUndefined();
    }
    expect(guest.items).toEqual([{ name: 'CLOUD_INIT', value: 'of another program' }]);
  });

  test('publishes no key while swap is on', async () => {
    using guest = new Guest(document, { swaps: '/dev/sda2 partition 1048572 0 -2\n' });
    await guest.boot();
    expect(last(guest)).toEqual({ kind: 'ended', code: 'guest-failed', guestCode: 'swap' });
    expect(guest.read('programs')).toContain('swapoff -a\n');
  });

  test('no program gets the content key or the report key as an argument', async () => {
    using guest = new Guest(document);
    const change = (file: string, from: string, to: string): void => {
      const changed = readFileSync(join(import.meta.dirname, '../linux', file), 'utf8').replace(from, to);
      expect(changed).toContain(to);
      guest.write(`usr/lib/aether-v/provisioning/${file}`, changed);
    };
    // An agent that keeps its keys, so that the test knows them.
    change(
      'lib/open.sh',
      '  decrypt_cbc 2>/dev/null\n',
      '  cp "$work/content-key" /content-key\n  decrypt_cbc 2>/dev/null\n',
    );
    change('phases.d/10-hostname.sh', 'get hostname', 'cp "$run/report-key" /report-key\nget hostname');
    await guest.boot();
    expectConfigured(guest);
    const contentKey = readFileSync(guest.path('content-key'));
    const reportKey = Buffer.from(guest.read('report-key'), 'hex');
    for (const key of [contentKey.subarray(0, 32), contentKey.subarray(32), reportKey]) {
      expect(key).toHaveLength(32);
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        expect(guest.trace).not.toContain(key.toString(encoding).slice(0, 40));
      }
    }
  });

  test('the search of the trace finds a secret that a program gets as an argument', async () => {
    using guest = new Guest(document);
    guest.write(
      'usr/lib/aether-v/provisioning/phases.d/15-users.sh',
      'get users/0/passwordHash\n/bin/echo "$value"\nexit 0\n',
    );
    await guest.boot();
    expect(guest.trace.includes(hash)).toBe(true);
  });
});
