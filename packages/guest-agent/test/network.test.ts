import { documentProblems } from '@aether-v/provisioning';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { image } from './support/images.ts';
import { backends, NetworkGuest, type Backend, type Network } from './support/network-guest.ts';
import { needs } from './support/parts.ts';

const programs = ['usr/sbin/netplan', 'usr/sbin/ifup', 'usr/sbin/NetworkManager'];
const { skip, reason } = needs([
  '/usr/bin/unshare',
  '/usr/sbin/ip',
  ...programs.map((program) => join(image('bookworm'), program)),
]);

const network: Network = {
  adapters: [
    {
      mac: '00:15:5d:00:00:01',
      addresses: ['192.0.2.10/24', '192.0.2.11/24', '2001:db8::10/64'],
      gateway4: '192.0.2.1',
      gateway6: 'fe80::1',
      dns: ['192.0.2.53', '2001:db8::53'],
      search: ['example.org', 'example.net'],
      mtu: 1400,
    },
    { mac: '00:15:5d:00:00:02', addresses: ['198.51.100.7/32'] },
  ],
};
const onLink: Network = {
  adapters: [
    {
      mac: '00:15:5d:00:00:02',
      addresses: ['198.51.100.7/32', '2001:db8:1::7/128'],
      gateway4: '203.0.113.1',
      gateway6: '2001:db8:2::1',
      onLink: true,
    },
  ],
};
const dhcp: Network = {
  adapters: [{ mac: '00:15:5d:00:00:01', dhcp4: true, dhcp6: true, search: ['example.org'] }],
};

const files: Record<Backend, string> = {
  netplan: '/etc/netplan/90-aether-v.yaml',
  networkmanager: '/etc/NetworkManager/system-connections/aether-v-0.nmconnection',
  networkd: '/etc/systemd/network/00-aether-v-0.network',
  ifupdown: '/etc/network/interfaces.d/aether-v',
};
const names = Object.keys(backends) as Backend[];

const applyWith = (backend: Backend): string => `${backends[backend]}apply-network\n`;

/** Waits until an address is usable, and prints addresses and routes. */
const show = (address: string): string => `
for attempt in $(seq 150); do
  ! ip -o addr | grep -F '${address}' | grep -qv tentative || break
  sleep 0.1
done
ip -o link; ip -o addr; ip -o route; ip -o -6 route
`;

describe.skipIf(skip)(`the section network in a Debian guest${reason}`, { timeout: 300_000 }, () => {
  test.each(names)('gives the interfaces their addresses, routes and MTU with %s', (backend) => {
    using guest = new NetworkGuest();
    const shell = backend === 'networkd' ? 'bash' : 'dash';
    const shown = guest.run(network, `${applyWith(backend)}${show('2001:db8::10/64')}`, shell);
    expect(guest.result).toBe('0');
    expect(shown).toMatch(/eth1@\S+ .* mtu 1400 /);
    for (const address of ['192.0.2.10/24', '192.0.2.11/24', '2001:db8::10/64']) {
      expect(shown).toMatch(new RegExp(`eth1 +inet6? ${address} `));
    }
    expect(shown).toMatch(/eth2 +inet 198\.51\.100\.7\/32 /);
    expect(shown).toMatch(/^default via 192\.0\.2\.1 dev eth1 /m);
    expect(shown).toMatch(/^default via fe80::1 dev eth1 /m);
  });

  test.each(names)('reaches a gateway outside of all prefixes with %s if it is on-link', (backend) => {
    using guest = new NetworkGuest();
    const shown = guest.run(
      onLink,
      `${applyWith(backend)}${show('2001:db8:1::7/128')}sleep 1\nip route\nip -6 route\n`,
    );
    expect(guest.result).toBe('0');
    expect(shown).toMatch(/^default via 203\.0\.113\.1 dev eth2 /m);
    expect(shown).toMatch(/^default via 2001:db8:2::1 dev eth2 /m);
  });

  test.each(names)('gives the same files if it is killed with %s at any moment and runs again', (backend) => {
    using guest = new NetworkGuest();
    const script = `${backends[backend]}
      apply-network
      keep() { mkdir "$1"; cp -a --parents /etc/netplan /etc/network /etc/systemd/network /etc/NetworkManager "$1"; }
      keep /expected
      for delay in 0.00 0.02 0.04 0.07 0.1 0.15 0.25; do
        rm -f ${files[backend]}
        setsid apply-network & process=$!
        sleep $delay
        kill -9 -$process 2>/dev/null || true
        wait $process 2>/dev/null || true
        # The file is whole or absent.
        [ ! -e ${files[backend]} ] || cmp ${files[backend]} /expected${files[backend]}
      done
      apply-network
      keep /again
      diff -r /expected /again`;
    expect(guest.run(network, script)).toBe('');
    expect(guest.result).toBe('0');
  });

  test('is read by netplan as the document asks', () => {
    using guest = new NetworkGuest();
    const shown = guest.run(
      { adapters: [...network.adapters.slice(0, 1), { mac: '00:15:5d:00:00:02', dhcp4: true, dhcp6: true }] },
      'apply-network\nnetplan generate --root-dir /check 2>/dev/null || true\nmkdir -p /check/etc\ncp -r /etc/netplan /check/etc/\nnetplan generate --root-dir /check\ncat /check/run/systemd/network/*.network\n',
    );
    expect(shown).toContain('PermanentMACAddress=00:15:5d:00:00:01\n');
    for (const line of [
      'Address=192.0.2.10/24',
      'Address=2001:db8::10/64',
      'IPv6AcceptRA=no',
      'MTUBytes=1400',
    ]) {
      expect(shown).toContain(`${line}\n`);
    }
    expect(shown).toContain('DNS=192.0.2.53\nDNS=2001:db8::53\nDomains=example.org example.net\n');
    expect(shown).toMatch(/Destination=0\.0\.0\.0\/0\nGateway=192\.0\.2\.1\n/);
    expect(shown).toMatch(/PermanentMACAddress=00:15:5d:00:00:02[^]*DHCP=yes[^]*IPv6AcceptRA=yes/);
    expect(statSync(guest.path(files.netplan)).mode & 0o777).toBe(0o600);
  });

  test('is read by NetworkManager as the document asks, from a file of mode 600', () => {
    using guest = new NetworkGuest();
    const read = 'nmcli --offline connection modify connection.stable-id x';
    const shown = guest.run(
      network,
      `${backends.networkmanager}apply-network\n${read} <${files.networkmanager}\n`,
    );
    expect(shown).toContain('address1=192.0.2.10/24,192.0.2.1\naddress2=192.0.2.11/24\n');
    expect(shown).toContain('address1=2001:db8::10/64,fe80::1\n');
    expect(shown).toContain('dns=192.0.2.53;\ndns-search=example.org;example.net;\n');
    expect(shown).toContain('dns=2001:db8::53;\n');
    expect(shown).toContain('mac-address=00:15:5D:00:00:01\nmtu=1400\n');
    expect(statSync(guest.path(files.networkmanager)).mode & 0o777).toBe(0o600);
    const shownDhcp = guest.run(dhcp, `apply-network\n${read} <${files.networkmanager}\n`);
    expect(shownDhcp).toMatch(
      /\[ipv4\]\ndns-search=example\.org;\nmethod=auto\n[^]*\[ipv6\]\n[^]*method=auto\n/,
    );
    expect(guest.has('etc/NetworkManager/system-connections/aether-v-1.nmconnection')).toBe(false);
  });

  test('replaces what cloud-init wrote and keeps cloud-init from writing it again', () => {
    using guest = new NetworkGuest();
    const written = [
      'etc/netplan/50-cloud-init.yaml',
      'etc/network/interfaces.d/50-cloud-init',
      'etc/systemd/network/10-cloud-init-eth1.network',
      'etc/NetworkManager/system-connections/cloud-init-eth1.nmconnection',
    ];
    for (const file of written) guest.write(file, '');
    guest.write('etc/netplan/60-other.yaml', 'network: {version: 2}\n', 0o600);
    guest.write('etc/cloud/cloud.cfg.d/05_logging.cfg', '');
    guest.run(network, 'apply-network\n');
    expect(guest.result).toBe('0');
    expect(written.filter((file) => guest.has(file) && statSync(guest.path(file)).isFile())).toEqual([]);
    expect(guest.has('etc/netplan/60-other.yaml')).toBe(true);
    expect(guest.read('etc/cloud/cloud.cfg.d/99-aether-v-network.cfg')).toBe('network: {config: disabled}\n');
  });

  test('takes its interfaces out of the other files of ifupdown and keeps all other stanzas', () => {
    using guest = new NetworkGuest();
    const other =
      '# The network.\nauto lo\niface lo inet loopback\n\nauto eth9\niface eth9 inet manual\n  mtu 9000\n';
    guest.write(
      'etc/network/interfaces',
      other.replace('auto eth9', 'auto eth1 eth9\nallow-hotplug eth2\niface eth1 inet dhcp\n  metric 5'),
    );
    guest.run(network, `${backends.ifupdown}apply-network\nifquery eth1 >/ifquery\n`);
    expect(guest.result).toBe('0');
    expect(guest.read('etc/network/interfaces')).toBe(`${other}source /etc/network/interfaces.d/*\n`);
    expect(guest.read('ifquery')).toMatch(/^address: 192\.0\.2\.10\ngateway: 192\.0\.2\.1\n/);
    expect(guest.read('etc/resolv.conf')).toBe(
      'search example.org example.net\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n',
    );
  });

  test('fails with network-adapter-missing and writes nothing if the guest lacks one of the adapters', () => {
    using guest = new NetworkGuest();
    guest.write('etc/netplan/50-cloud-init.yaml', '', 0o600);
    guest.run(
      { adapters: [...network.adapters, { mac: '00:15:5d:00:00:03', dhcp4: true }] },
      'apply-network\n',
    );
    expect(guest.result).toBe('1 network-adapter-missing');
    expect(guest.has(files.netplan)).toBe(false);
    expect(guest.has('etc/netplan/50-cloud-init.yaml')).toBe(true);
  });

  test('fails with network-backend-missing in a guest without any program for it', () => {
    using guest = new NetworkGuest();
    guest.run(network, `${backends.ifupdown}rm /usr/sbin/ifup\napply-network\n`);
    expect(guest.result).toBe('1 network-backend-missing');
  });
});

test('every network that the tests of guests apply is valid', () => {
  for (const section of [network, onLink, dhcp]) expect(documentProblems({ network: section })).toEqual([]);
});
