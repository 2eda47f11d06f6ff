import { Input, Radio, RadioGroup, Text } from '@fluentui/react-components';
import type { VmNetworkAdapter } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { vmOnHost } from '../actions/actions.text.ts';
import { formatMac } from '../components/format.ts';
import { ChangeDialog } from '../vm-forms/change-dialog.tsx';
import { Choice } from '../vm-forms/choice.tsx';
import { FormField } from '../vm-forms/form-field.tsx';
import { formTexts } from '../vm-forms/form.text.ts';
import { isUnicastMac, parseMac } from '../vm-forms/mac.ts';
import { resourcesHint, useResources } from '../vm-forms/resources.ts';
import type { VmForm } from './disk-dialogs.tsx';
import { hardwareTexts as texts } from './hardware.text.ts';
import { connectionOf, networkOptions, notConnected, parseVlan } from './network-options.ts';

interface AdapterForm extends VmForm {
  readonly adapter: VmNetworkAdapter;
}

/** A MAC address as typed: dynamic, or fixed with a text. */
interface MacInput {
  readonly isFixed: boolean;
  readonly text: string;
}

/** Returns the address that was typed; undefined while it is incomplete, null for a dynamic one. */
function macOf({ isFixed, text }: MacInput): string | null | undefined {
  if (!isFixed) return null;
  const mac = parseMac(text);
  return mac !== null && isUnicastMac(mac) ? mac : undefined;
}

function macProblem({ isFixed, text }: MacInput): string | undefined {
  if (!isFixed || text.trim() === '') return undefined;
  const mac = parseMac(text);
  if (mac === null) return formTexts.noMac;
  return isUnicastMac(mac) ? undefined : formTexts.groupMac;
}

function MacFields({
  value,
  problem,
  onChange,
}: {
  readonly value: MacInput;
  readonly problem: string | undefined;
  readonly onChange: (value: MacInput) => void;
}): ReactElement {
  return (
    <>
      <FormField label={texts.mac} problem={undefined}>
        <RadioGroup
          value={value.isFixed ? 'fixed' : 'dynamic'}
          onChange={(_, data) => onChange({ ...value, isFixed: data.value === 'fixed' })}
        >
          <Radio value="dynamic" label={texts.dynamicMac} />
          <Radio value="fixed" label={texts.fixedMac} />
        </RadioGroup>
      </FormField>
      {value.isFixed && (
        <FormField label={texts.fixedMacLabel} required problem={macProblem(value) ?? problem}>
          <Input
            value={value.text}
            maxLength={40}
            onChange={(_, data) => onChange({ ...value, text: data.value })}
          />
        </FormField>
      )}
    </>
  );
}

/** Adds a network adapter. */
export function AddAdapterDialog({ vm, onClose }: VmForm): ReactElement {
  const read = useResources(vm.hostId);
  const networks = read.resources?.networks ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [mac, setMac] = useState<MacInput>({ isFixed: false, text: '' });
  const network = chosen ?? networks.find(({ present }) => present)?.name ?? notConnected;
  const macAddress = macOf(mac);
  return (
    <ChangeDialog
      title={texts.newAdapterTitle(vmOnHost(vm))}
      vm={vm}
      command="adapter.add"
      change={
        macAddress === undefined || read.isReading
          ? null
          : {
              command: 'adapter.add',
              vmId: vm.id,
              options: { network: network === notConnected ? null : network, macAddress },
            }
      }
      submit={texts.addAdapter(network)}
      onClose={onClose}
    >
      {({ problems }) => (
        <>
          <Choice
            label={texts.network}
            hint={resourcesHint(read, vm.hostName)}
            problem={problems.fields.get('network')}
            value={network}
            options={networkOptions(networks)}
            onChange={setChosen}
          />
          <MacFields value={mac} problem={problems.fields.get('macAddress')} onChange={setMac} />
        </>
      )}
    </ChangeDialog>
  );
}

/** Connects an adapter to a network, with its VLAN or another one. */
export function ConnectAdapterDialog({ vm, adapter, onClose }: AdapterForm): ReactElement {
  const read = useResources(vm.hostId);
  const networks = read.resources?.networks ?? [];
  const [typed, setTyped] = useState<{ readonly network?: string; readonly vlan?: string }>({});
  const present = connectionOf(adapter, networks);
  const network = typed.network ?? present?.network ?? notConnected;
  const vlan = typed.vlan ?? (typed.network === undefined ? String(present?.vlanId ?? '') : '');
  const vlanId = parseVlan(vlan);
  const ofNetwork = networks.find(({ name }) => name === network)?.vlanId ?? null;
  const isConnected = network !== notConnected;
  const own = isConnected ? vlanId : null;
  return (
    <ChangeDialog
      title={texts.connectTitle(adapter.name, vmOnHost(vm))}
      vm={vm}
      command="adapter.connect"
      change={
        own === undefined || read.isReading
          ? null
          : {
              command: 'adapter.connect',
              vmId: vm.id,
              options: { adapterId: adapter.id, network: isConnected ? network : null, vlanId: own },
            }
      }
      submit={texts.connectTo(network, own ?? ofNetwork)}
      onClose={onClose}
    >
      {({ problems }) => (
        <>
          <Choice
            label={texts.network}
            hint={resourcesHint(read, vm.hostName)}
            problem={problems.fields.get('network')}
            value={network}
            options={networkOptions(networks)}
            onChange={(next) => setTyped({ network: next })}
          />
          {isConnected && (
            <FormField
              label={texts.vlan}
              hint={texts.vlanHint(ofNetwork)}
              problem={vlanId === undefined ? texts.noVlan : problems.fields.get('vlanId')}
            >
              <Input
                value={vlan}
                inputMode="numeric"
                maxLength={4}
                onFocus={({ target }) => target.select()}
                onChange={(_, { value }) => setTyped({ ...typed, vlan: value })}
              />
            </FormField>
          )}
          <Text>{texts.interrupts}</Text>
        </>
      )}
    </ChangeDialog>
  );
}

/** Sets the MAC address of an adapter. */
export function SetMacDialog({ vm, adapter, onClose }: AdapterForm): ReactElement {
  const [mac, setMac] = useState<MacInput>({
    isFixed: true,
    text: adapter.macAddress === null ? '' : formatMac(adapter.macAddress),
  });
  const macAddress = macOf(mac);
  const isNew = macAddress === null ? !adapter.dynamicMacAddress : macAddress !== undefined;
  const isSame = macAddress === adapter.macAddress && !adapter.dynamicMacAddress;
  return (
    <ChangeDialog
      title={texts.setMacTitle(adapter.name, vmOnHost(vm))}
      vm={vm}
      command="adapter.setMac"
      change={
        !isNew || isSame || macAddress === undefined
          ? null
          : {
              command: 'adapter.setMac',
              vmId: vm.id,
              options: { adapterId: adapter.id, macAddress },
            }
      }
      submit={texts.setMacTo(macAddress == null ? null : formatMac(macAddress))}
      onClose={onClose}
    >
      {({ problems }) => (
        <>
          <MacFields value={mac} problem={problems.fields.get('macAddress')} onChange={setMac} />
          <Text>{texts.interrupts}</Text>
        </>
      )}
    </ChangeDialog>
  );
}

/** Removes an adapter. */
export function RemoveAdapterDialog({ vm, adapter, onClose }: AdapterForm): ReactElement {
  return (
    <ChangeDialog
      title={texts.removeTitle(adapter.name, vmOnHost(vm))}
      vm={vm}
      command="adapter.remove"
      change={{ command: 'adapter.remove', vmId: vm.id, options: { adapterId: adapter.id } }}
      submit={texts.removeNamed(adapter.name)}
      startsWithCancel
      onClose={onClose}
    >
      {() => <Text>{texts.removeBody}</Text>}
    </ChangeDialog>
  );
}
