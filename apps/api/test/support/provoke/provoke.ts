import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import type { Config } from '../../../src/config/settings.ts';

/** A host that has one problem, as a configuration leads to it. */
export interface Provoked {
  /** What stands in HYPERV_HOSTS. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What the environment cannot say, or refuses. */
  readonly change?: Partial<Config>;
  /** The only certificates that the host may show. */
  readonly fingerprints?: readonly string[];
  /** Where the problem is one of the process itself: the environment and the modules of one of its own. */
  readonly process?: { readonly env: Readonly<Record<string, string>>; readonly preload?: string };
}

/** A part of the system that a problem cannot be provoked without. */
export type Part = 'kdc' | 'pwsh' | 'openssl';

/** Provokes one problem by a real peer, which lives until the test ends. */
export interface Provoke {
  readonly needs?: Part;
  readonly make: () => Promise<Provoked>;
}

const found: Record<Part, () => boolean> = {
  kdc: () =>
    [
      '/usr/sbin/krb5kdc',
      '/usr/sbin/kadmin.local',
      '/usr/bin/kinit',
      '/etc/gss/mech.d/mech.ntlmssp.conf',
    ].every(existsSync) && globSync('/usr/lib*/{,*/}ossl-modules/legacy.so').length > 0,
  pwsh: () => spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0,
  openssl: () => existsSync('/usr/bin/openssl'),
};

const required = (process.env['AETHER_REQUIRE'] ?? '').split(',');
const known = new Map<Part, boolean>();

/** Whether a part is there, or required to be: then what needs it fails by itself. */
export function hasPart(part: Part | undefined): boolean {
  if (part === undefined || required.includes(part)) return true;
  const has = known.get(part) ?? found[part]();
  known.set(part, has);
  return has;
}

/** Says in a title why something is skipped. */
export function skipReason(part: Part | undefined): string {
  return hasPart(part) ? '' : ` (skipped: ${part ?? ''} is not installed)`;
}
