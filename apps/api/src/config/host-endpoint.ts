import { hostname } from 'node:os';
import type { HostTarget, RemoteTarget } from './host-target.ts';

/** The network endpoint of one host. Only its agent can report the host's identity. */
export interface HostEndpoint {
  /** The service's key for the host. */
  readonly address: string;
  /** The host's name until its agent reports the real one. */
  readonly name: string;
  /** The host's id until its agent reports the real one. */
  readonly provisionalId: string;
  readonly target: HostTarget;
  /** `host` and `cluster` (a cluster name) come from the configuration; `node` was reported by a cluster. */
  readonly role: 'host' | 'cluster' | 'node';
}

/** Returns the endpoint of a configured target. */
export function hostEndpoint(target: HostTarget): HostEndpoint {
  const { address } = target;
  if (target.kind === 'local')
    return { address, name: hostname(), provisionalId: 'at-local', target, role: 'host' };
  const { url } = target;
  return { address, name: url.hostname, provisionalId: provisionalId('at-', url), target, role: 'host' };
}

/** Returns the endpoint of a cluster name, which is answered by one of the nodes. */
export function clusterEndpoint(target: RemoteTarget): HostEndpoint {
  const { address, url } = target;
  const id = provisionalId('at-cluster-', url);
  return { address, name: url.hostname, provisionalId: id, target, role: 'cluster' };
}

/**
 * Derives a host id (lower-case letters, digits, dots, hyphens) from host name, port and path. The prefix keeps it
 * distinct from every computer name.
 */
function provisionalId(prefix: string, url: URL): string {
  const text = `${url.host}${url.pathname}`.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-');
  return `${prefix}${text}`.slice(0, 255).replaceAll(/[^a-z0-9]+$/g, '');
}
