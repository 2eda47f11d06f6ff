import type { HostNetwork, VmNetworkAdapter } from '@aether-v/types';
import type { Option } from '../vm-forms/choice.tsx';
import { hardwareTexts as texts } from './hardware.text.ts';

/** The value of the option that leaves an adapter without a network. */
export const notConnected = '';

/** Returns the networks of a host as options, the last one for no network. */
export function networkOptions(networks: readonly HostNetwork[]): readonly Option[] {
  return [
    ...networks.map(({ name, switchName, vlanId, present }) => ({
      value: name,
      label: texts.networkLabel(name, switchName, vlanId),
      whyNot: present ? undefined : texts.switchMissing(switchName),
    })),
    { value: notConnected, label: texts.notConnected },
  ];
}

/** The network of an adapter, and its VLAN if it is not that of the network. */
export interface Connection {
  readonly network: string;
  readonly vlanId: number | null;
}

/**
 * Returns how an adapter is connected: the network with its switch and VLAN, or one with its switch and the VLAN as a
 * deviation. Null if no network of the host has its switch.
 */
export function connectionOf(
  { connected, switchName, vlan }: VmNetworkAdapter,
  networks: readonly HostNetwork[],
): Connection | null {
  if (!connected || switchName === null) return { network: notConnected, vlanId: null };
  const own = networks.filter((network) => network.switchName === switchName);
  const vlanId = vlan.mode === 'Access' ? vlan.accessVlanId : null;
  const exact = own.find((network) => network.vlanId === vlanId);
  const [first] = own;
  if (exact) return { network: exact.name, vlanId: null };
  return first ? { network: first.name, vlanId } : null;
}

/** Reads the number of a VLAN; null if it is empty, undefined if it is invalid. */
export function parseVlan(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const id = Number(trimmed);
  return Number.isInteger(id) && id >= 1 && id <= 4094 ? id : undefined;
}
