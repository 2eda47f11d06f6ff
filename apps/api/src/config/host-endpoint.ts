import { hostname } from 'node:os';
import type { HostTarget, RemoteTarget } from './host-target.ts';

/** One host: where it is reached. Who it is, only its agent can say. */
export interface HostEndpoint {
  /** The key under which the service knows the host. */
  readonly address: string;
  /** Stands for the host's name until its agent says the real one. */
  readonly name: string;
  /** Stands for the host's id until its agent says the real one. */
  readonly provisionalId: string;
  readonly target: HostTarget;
  /** Configured as a host, the name of a cluster, or a node that a cluster named. */
  readonly role: 'host' | 'cluster' | 'node';
}

/** The endpoint at a configured target. */
export function hostEndpoint(target: HostTarget): HostEndpoint {
  const { address } = target;
  if (target.kind === 'local')
    return { address, name: hostname(), provisionalId: 'at-local', target, role: 'host' };
  const { url } = target;
  return { address, name: url.hostname, provisionalId: provisionalId('at-', url), target, role: 'host' };
}

/** The endpoint at a cluster's name, where one of its nodes answers. */
export function clusterEndpoint(target: RemoteTarget): HostEndpoint {
  const { address, url } = target;
  const id = provisionalId('at-cluster-', url);
  return { address, name: url.hostname, provisionalId: id, target, role: 'cluster' };
}

/** A host id (lower-case letters, digits, dots, hyphens) made of host name, port and path; no computer is named so. */
function provisionalId(prefix: string, url: URL): string {
  const text = `${url.host}${url.pathname}`.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-');
  return `${prefix}${text}`.slice(0, 255).replaceAll(/[^a-z0-9]+$/g, '');
}
