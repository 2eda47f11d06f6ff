import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Columns } from '../../components/columns.tsx';
import { Facts } from '../../components/facts.tsx';
import { formatDuration } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { integrationServiceWords } from '../../components/states.text.ts';
import {
  checkpointTypeWords,
  serviceStatusWords,
  startActionWords,
  stopActionWords,
  vmTexts as texts,
} from './vm.text.ts';

const onOff = (value: boolean): string => (value ? 'On' : 'Off');

function secureBoot({ secureBoot: setting }: Vm): string {
  if (!setting) return 'Generation 1 has none';
  return setting.template === null
    ? onOff(setting.enabled)
    : `${onOff(setting.enabled)} (${setting.template})`;
}

/** How the VM is set up. */
export function SettingsTab({ vm }: { readonly vm: Vm }): ReactElement {
  const delay = vm.automaticStartDelaySeconds;
  return (
    <Columns>
      <Section title={texts.sections.startStop}>
        <Facts
          facts={[
            ['When the host starts', startActionWords[vm.automaticStartAction]],
            ['Delay', delay === 0 ? 'None' : formatDuration(delay * 1000)],
            ['When the host stops', stopActionWords[vm.automaticStopAction]],
          ]}
        />
      </Section>
      <Section title={texts.sections.security}>
        <Facts
          facts={[
            ['Secure boot', secureBoot(vm)],
            ['TPM', onOff(vm.tpm)],
          ]}
        />
      </Section>
      <Section title={texts.sections.services}>
        <Facts
          facts={vm.integrationServices.map(({ kind, enabled, status }) => [
            integrationServiceWords[kind],
            enabled ? serviceStatusWords[status] : serviceStatusWords.Disabled,
          ])}
        />
      </Section>
      <Section title={texts.sections.files}>
        <Facts
          facts={[
            ['Generation', vm.generation],
            ['Configuration version', vm.configurationVersion],
            ['Configuration', vm.configurationPath],
            ['Checkpoints', checkpointTypeWords[vm.checkpointType]],
            ['ID', vm.vmId],
          ]}
        />
      </Section>
      {vm.clusterRole && (
        <Section title={texts.sections.cluster}>
          <Facts
            facts={[
              ['Role', vm.clusterRole.name],
              ['State', vm.clusterRole.state],
              ['Owner node', vm.clusterRole.ownerNode],
            ]}
          />
        </Section>
      )}
    </Columns>
  );
}
