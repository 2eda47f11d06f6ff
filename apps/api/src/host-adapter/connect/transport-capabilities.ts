import type { Capability } from '@aether-v/types';
import type { HostTarget } from '../../config/host-target.ts';

/**
 * What each way to a host can do. Over WinRS nothing of it: what runs there can be ended only with its shell, a watch would
 * hold a shell and a connection for good, and the library takes no certificates from its caller.
 */
const capabilities = {
  local: ['cancel', 'watch'],
  wsman: ['cancel', 'watch', 'callerCa'],
  winrs: [],
} as const satisfies Record<HostTarget['kind'], readonly Capability[]>;

/** Whether the way to a host can do this; what its agent can do is another question. */
export function transportCan({ kind }: HostTarget, capability: Capability): boolean {
  const able: readonly Capability[] = capabilities[kind];
  return able.includes(capability);
}
