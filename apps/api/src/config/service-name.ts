import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Config } from './settings.ts';

/** What tells installations apart without being asked. */
export interface Installation {
  readonly hostName: string;
  /** The machine's own id, empty where it has none: containers may share a host name. */
  readonly machineId: string;
}

/**
 * What this installation calls itself on hosts: the same after a restart, and no other that runs at the same time. Two
 * services cannot listen at one address of one machine. Null where nothing tells them apart for sure: a machine without an id,
 * or a port that is whatever is free.
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

/** The id that systemd and its like give a machine (machine-id(5)); empty where there is none. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}
