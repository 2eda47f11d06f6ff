import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Config } from './settings.ts';

/** Properties that distinguish installations without configuration. */
export interface Installation {
  readonly hostName: string;
  /** The machine's own id, empty if it has none; containers may share a host name. */
  readonly machineId: string;
}

/**
 * Returns the name of this installation on hosts. It survives restarts and is unique among running services, since two
 * services cannot listen at the same address of one machine. Null if nothing identifies the installation reliably: a
 * machine without an id, or a port chosen by the system.
 */
export function serviceNameOf(
  { serviceName, bindAddress, port }: Pick<Config, 'serviceName' | 'bindAddress' | 'port'>,
  installation: Installation = thisInstallation(),
): string | null {
  if (serviceName !== null) return serviceName;
  const { hostName, machineId } = installation;
  if (port === 0 || machineId === '') return null;
  const identity = JSON.stringify([hostName, machineId, bindAddress, port]);
  const readable = hostName.replaceAll(/[^\w.-]/g, '_').slice(0, 20);
  return `${readable}-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;
}

function thisInstallation(): Installation {
  return { hostName: hostname().toLowerCase(), machineId: machineId() };
}

/** Returns the machine id of systemd and similar systems (machine-id(5)); empty if there is none. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}
