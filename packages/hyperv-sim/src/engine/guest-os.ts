import type { IntegrationServiceKind } from '@aether-v/types';

/** A guest operating system, as far as a host can notice it. */
export interface GuestOs {
  /** The facts that the guest reports through key-value pairs. */
  readonly osName: string;
  readonly osVersion: string;
  /** Services that the guest answers to; none for an appliance without integration services. */
  readonly services: readonly IntegrationServiceKind[];
  /** Duration of booting and shutting down, in milliseconds. */
  readonly bootMs: readonly [number, number];
  readonly shutdownMs: readonly [number, number];
  /** True if its adapters get IPv6 link-local addresses and report them. */
  readonly ipv6: boolean;
  readonly secureBootTemplate: 'MicrosoftWindows' | 'MicrosoftUEFICertificateAuthority';
}

const everything = ['Heartbeat', 'Shutdown', 'TimeSynchronization', 'KeyValuePairExchange', 'Vss'] as const;

function windows(osName: string, osVersion: string): GuestOs {
  return {
    osName,
    osVersion,
    services: everything,
    bootMs: [9_000, 22_000],
    shutdownMs: [5_000, 16_000],
    ipv6: true,
    secureBootTemplate: 'MicrosoftWindows',
  };
}

function linux(osName: string, osVersion: string): GuestOs {
  return {
    osName,
    osVersion,
    services: everything,
    bootMs: [4_000, 10_000],
    shutdownMs: [2_000, 6_000],
    ipv6: true,
    secureBootTemplate: 'MicrosoftUEFICertificateAuthority',
  };
}

/** The operating systems of the fleet. */
export const guestOperatingSystems = {
  'windows-2025': windows('Windows Server 2025 Datacenter', '10.0.26100'),
  'windows-2022': windows('Windows Server 2022 Datacenter', '10.0.20348'),
  'windows-2019': windows('Windows Server 2019 Standard', '10.0.17763'),
  'windows-2016': windows('Windows Server 2016 Standard', '10.0.14393'),
  'windows-2008r2': windows('Windows Server 2008 R2 Standard', '6.1.7601'),
  'windows-11': windows('Windows 11 Enterprise', '10.0.26100'),
  'ubuntu-24.04': linux('Ubuntu', '24.04'),
  'ubuntu-22.04': linux('Ubuntu', '22.04'),
  'debian-12': linux('Debian GNU/Linux', '12'),
  'rhel-9': linux('Red Hat Enterprise Linux', '9.5'),
  appliance: {
    osName: '',
    osVersion: '',
    services: [],
    bootMs: [6_000, 12_000],
    shutdownMs: [0, 0],
    ipv6: false,
    secureBootTemplate: 'MicrosoftUEFICertificateAuthority',
  },
} as const satisfies Record<string, GuestOs>;

/** The name of an operating system in the table. */
export type GuestOsName = keyof typeof guestOperatingSystems;

/** The reaction of a guest to a shutdown request: it shuts down, has unsaved work (and obeys force), or hangs. */
export type GuestManners = 'obeys' | 'unsaved-work' | 'hangs';
