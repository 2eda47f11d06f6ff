import type { Capability } from '@aether-v/types';
import type { HostTarget } from '../../config/host-target.ts';

/**
 * Capabilities of each transport. WinRS has none of them: a command can only be ended with its shell, a watch would
 * occupy a shell and a connection permanently, and the library accepts no certificates from its caller.
 */
const capabilities = {
  local: ['cancel', 'watch'],
  wsman: ['cancel', 'watch', 'callerCa'],
  winrs: [],
} as const satisfies Record<HostTarget['kind'], readonly Capability[]>;

/** Returns whether a host's transport has a capability, regardless of its agent's capabilities. */
export function transportCan({ kind }: HostTarget, capability: Capability): boolean {
  const able: readonly Capability[] = capabilities[kind];
  return able.includes(capability);
}
