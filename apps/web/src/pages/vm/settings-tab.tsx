import { makeStyles, tokens } from '@fluentui/react-components';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useVmActions } from '../../actions/action-context.ts';
import { Columns } from '../../components/columns.tsx';
import { Facts } from '../../components/facts.tsx';
import { formatDuration } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { integrationServiceWords } from '../../components/states.text.ts';
import { CommandButton } from '../../vm-forms/command-button.tsx';
import {
  checkpointTypeWords,
  serviceStatusWords,
  startActionWords,
  stopActionWords,
  vmTexts as texts,
} from '../../components/vm.text.ts';

const useStyles = makeStyles({
  head: {
    display: 'flex',
    justifyContent: 'flex-end',
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
  },
});

/** The role of the VM in the cluster of its host, and its place there. */
function ClusterSection({ vm }: { readonly vm: Vm }): ReactElement {
  const { openForm } = useVmActions();
  const { clusterRole } = vm;
  return (
    <Section
      title={texts.sections.cluster}
      actions={
        clusterRole ? (
          <>
            <CommandButton vm={vm} command="vm.move" onClick={() => openForm('vm.move', vm.id)}>
              {texts.move}
            </CommandButton>
            <CommandButton
              vm={vm}
              command="vm.removeClusterRole"
              onClick={() => openForm('vm.removeClusterRole', vm.id)}
            >
              {texts.removeRole}
            </CommandButton>
          </>
        ) : (
          <CommandButton
            vm={vm}
            command="vm.addClusterRole"
            onClick={() => openForm('vm.addClusterRole', vm.id)}
          >
            {texts.addRole}
          </CommandButton>
        )
      }
    >
      {clusterRole ? (
        <Facts
          facts={[
            [texts.labels.role, clusterRole.name],
            [texts.labels.state, clusterRole.state],
            [texts.labels.ownerNode, clusterRole.ownerNode],
          ]}
        />
      ) : (
        texts.noRole
      )}
    </Section>
  );
}

/** The VM's settings. */
export function SettingsTab({ vm }: { readonly vm: Vm }): ReactElement {
  const styles = useStyles();
  const { openForm } = useVmActions();
  const delay = vm.automaticStartDelaySeconds;
  return (
    <>
      <div className={styles.head}>
        <CommandButton
          vm={vm}
          command="vm.update"
          icon={<EditRegular />}
          onClick={() => openForm('vm.update', vm.id)}
        >
          {texts.editSettings}
        </CommandButton>
      </div>
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
        {vm.clusterId !== null && <ClusterSection vm={vm} />}
      </Columns>
    </>
  );
}
