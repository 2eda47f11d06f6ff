import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { say } from './workspace.mjs';

/** Parts of the system that some tests want, and the Debian packages that bring them. */
const parts = [
  {
    name: 'chromium',
    packages: ['chromium'],
    found: () => existsSync('/usr/bin/chromium'),
    for: 'tests in a real browser',
  },
  {
    name: 'kdc',
    packages: ['krb5-kdc', 'krb5-admin-server', 'krb5-user', 'gss-ntlmssp', 'python3-gssapi'],
    found: () =>
      [
        '/usr/sbin/krb5kdc',
        '/usr/sbin/kadmin.local',
        '/usr/bin/kinit',
        '/etc/gss/mech.d/mech.ntlmssp.conf',
        '/usr/lib/python3/dist-packages/gssapi',
      ].every(existsSync),
    for: 'tests of Kerberos and NTLM against real peers',
  },
];

const isDebian = () =>
  existsSync('/etc/os-release') &&
  /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));

/** Whether each part is there, by name; `pwsh` has no Debian package, so it is only looked for. */
export function systemParts() {
  const onPath = (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/pwsh`));
  return { ...Object.fromEntries(parts.map((part) => [part.name, part.found()])), pwsh: onPath };
}

/** Installs missing system parts by apt where that is ours to do; else says what to install. */
export function ensureSystemParts() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const missing = parts.filter((part) => !part.found());
  const ours = process.getuid?.() === 0 && isDebian();
  if (ours && missing.length > 0) apt('update', '-qq');
  for (const part of missing) {
    if (ours) {
      say(`Installing ${part.packages.join(', ')} (apt-get) …`);
      apt('install', '-y', '-qq', '--no-install-recommends', ...part.packages);
    }
    if (part.found()) continue;
    say(`${part.name} is not installed: ${part.for} will be skipped. Install: ${part.packages.join(' ')}`);
  }
}
