import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hasGuestImage, makeGuestImage } from './guest-images.mjs';
import { precompilePowerShell } from './precompile.mjs';
import { dotnetTools, environment, say } from './workspace.mjs';

/** The PowerShell to install if there is none: a NuGet package, installed by the .NET SDK. */
const powershell = { version: '7.6.9', sdk: 10 };

/** System components that some tests need, with their source: Debian packages, a .NET tool, or a function. */
const parts = [
  {
    name: 'chromium',
    packages: ['chromium'],
    found: () => existsSync('/usr/bin/chromium'),
    for: 'tests in a real browser',
  },
  {
    name: 'kdc',
    packages: [
      'krb5-kdc',
      'krb5-admin-server',
      'krb5-user',
      'gss-ntlmssp',
      'python3-gssapi',
      'python3-winrm',
    ],
    found: () =>
      [
        '/usr/sbin/krb5kdc',
        '/usr/sbin/kadmin.local',
        '/usr/bin/kinit',
        '/etc/gss/mech.d/mech.ntlmssp.conf',
        '/usr/lib/python3/dist-packages/gssapi',
        '/usr/lib/python3/dist-packages/winrm',
      ].every(existsSync),
    for: 'tests of Kerberos, NTLM and WinRS against real peers',
  },
  {
    name: 'nginx',
    packages: ['nginx-light'],
    found: () => existsSync('/usr/sbin/nginx'),
    for: 'tests behind a reverse proxy',
  },
  {
    name: 'strace',
    packages: ['strace'],
    found: () => existsSync('/usr/bin/strace'),
    for: 'the test of the agent’s disk writes before it acts',
  },
  {
    name: 'shellcheck',
    packages: ['shellcheck'],
    found: () => existsSync('/usr/bin/shellcheck'),
    for: 'the check of the guest agent’s shell',
  },
  {
    name: 'readers of ISO images',
    packages: ['xorriso', 'genisoimage'],
    found: () => ['/usr/bin/xorriso', '/usr/bin/isoinfo'].every(existsSync),
    for: 'tests of the ISO writer',
  },
  {
    name: 'iproute2',
    packages: ['iproute2'],
    found: () => existsSync('/usr/sbin/ip'),
    for: 'test guests with network adapters',
  },
  {
    name: 'mmdebstrap',
    packages: ['mmdebstrap'],
    found: () => existsSync('/usr/bin/mmdebstrap'),
    for: 'making the root file system of test guests',
  },
  {
    name: 'root file system of Debian 12',
    make: () => makeGuestImage('bookworm', succeeds),
    found: () => hasGuestImage('bookworm'),
    for: 'tests of the guest agent in a chroot',
    hint: 'mmdebstrap, then run npm test as root',
  },
  {
    name: 'root file system of Debian 11',
    make: () => makeGuestImage('bullseye', succeeds),
    found: () => hasGuestImage('bullseye'),
    for: 'tests of the guest agent with openssl 1.1.1',
    hint: 'mmdebstrap, then run npm test as root',
  },
  {
    name: 'pwsh',
    tool: ['PowerShell', '--version', powershell.version],
    found: () => (environment().PATH ?? '').split(':').some((folder) => existsSync(`${folder}/pwsh`)),
    for: 'tests against real PowerShell',
  },
];

const env = {
  ...process.env,
  DEBIAN_FRONTEND: 'noninteractive',
  // Keeps the packages from starting their services (invoke-rc.d(8)).
  RUNLEVEL: '1',
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
};
const succeeds = (command, ...args) =>
  spawnSync(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

const isDebian = () =>
  existsSync('/etc/os-release') &&
  /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));

const hasDotnet = () => {
  const { status, stdout } = spawnSync('dotnet', ['--list-sdks'], { env, encoding: 'utf8' });
  return status === 0 && stdout.split('\n').some((line) => Number.parseInt(line) >= powershell.sdk);
};

/** Returns whether each component is installed, by name. */
export function systemParts() {
  return Object.fromEntries(parts.map((part) => [part.name, part.found()]));
}

/** Installs missing components if possible, as root on Debian; otherwise prints what to install. */
export function ensureSystemParts() {
  const missing = parts.filter((part) => !part.found());
  const ours = process.getuid?.() === 0 && isDebian();
  if (ours && missing.some(({ packages }) => packages)) succeeds('apt-get', 'update', '-qq');
  for (const part of missing) {
    if (ours) install(part);
    if (part.found()) continue;
    const what =
      part.hint ??
      part.packages?.join(' ') ??
      `PowerShell 7 (dotnet tool install --global ${part.tool.join(' ')})`;
    say(`${part.name} is not installed: ${part.for} will be skipped. Install: ${what}`);
  }
}

function install({ name, packages, tool, make }) {
  if (make) {
    say(`Making a ${name} \u2026`);
    make();
    return;
  }
  if (packages) {
    say(`Installing ${packages.join(', ')} (apt-get) \u2026`);
    succeeds('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages);
  } else if (hasDotnet()) {
    say(`Installing ${tool[0]} (dotnet tool) into ${dotnetTools} \u2026`);
    succeeds('dotnet', 'tool', 'install', ...tool, '--tool-path', dotnetTools);
    say('Compiling PowerShell to machine code (the .NET tool contains none) \u2026');
    if (!precompilePowerShell(dotnetTools, { ...powershell, env }))
      say('PowerShell could not be compiled; the tests take longer.');
  }
}
