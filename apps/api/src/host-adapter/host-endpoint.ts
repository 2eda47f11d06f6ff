import { hostname } from 'node:os';
import type { HostTarget } from '../config/host-target.ts';

/** One configured host: where it is reached. Who it is, only its agent can say. */
export interface HostEndpoint {
  /** The key under which the service knows the host. */
  readonly address: string;
  /** Stands for the host's name until its agent says the real one. */
  readonly name: string;
  /** Stands for the host's id until its agent says the real one. */
  readonly provisionalId: string;
  readonly target: HostTarget;
}

/** The endpoint at a configured target. */
export function hostEndpoint(target: HostTarget): HostEndpoint {
  const { address } = target;
  if (target.kind === 'local') return { address, name: hostname(), provisionalId: 'at-local', target };
  return { address, name: target.url.hostname, provisionalId: provisionalId(target.url), target };
}

/** A host id (lower-case letters, digits, dots, hyphens) made of host name, port and path; no computer is named so. */
function provisionalId(url: URL): string {
  const text = `${url.host}${url.pathname}`.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-');
  return `at-${text}`.slice(0, 255).replaceAll(/[^a-z0-9]+$/g, '');
}
