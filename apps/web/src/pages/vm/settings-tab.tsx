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

/** The VM's settings. */
export function SettingsTab({ vm }: { readonly vm: Vm }): ReactElement {
  const delay = vm.automaticStartDelaySeconds;
  return (
    <Columns>
      <Section title={texts.sections.startStop}>
        <Facts
          facts={[
            [
              texts.labels.whenTheHostStarts,
              vm.automaticStartAction === null
                ? texts.notReported
                : startActionWords[vm.automaticStartAction],
            ],
            [
              texts.labels.delay,
              delay === null
                ? texts.notReported
                : delay === 0
                  ? texts.labels.none
                  : formatDuration(delay * 1000),
            ],
            [
              texts.labels.whenTheHostStops,
              vm.automaticStopAction === null ? texts.notReported : stopActionWords[vm.automaticStopAction],
            ],
          ]}
        />
      </Section>
      <Section title={texts.sections.security}>
        <Facts
          facts={[
            [texts.labels.secureBoot, texts.secureBoot(vm)],
            [texts.labels.tpm, texts.onOff(vm.tpm)],
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
            [texts.labels.generation, vm.generation ?? texts.notReported],
            [texts.labels.configurationVersion, vm.configurationVersion],
            [texts.labels.configuration, vm.configurationPath || texts.notReported],
            [
              texts.labels.checkpoints,
              vm.checkpointType === null ? texts.notReported : checkpointTypeWords[vm.checkpointType],
            ],
            [texts.labels.id, vm.vmId],
          ]}
        />
      </Section>
      {vm.clusterRole && (
        <Section title={texts.sections.cluster}>
          <Facts
            facts={[
              [texts.labels.role, vm.clusterRole.name],
              [texts.labels.state, vm.clusterRole.state],
              [texts.labels.ownerNode, vm.clusterRole.ownerNode],
            ]}
          />
        </Section>
      )}
    </Columns>
  );
}
