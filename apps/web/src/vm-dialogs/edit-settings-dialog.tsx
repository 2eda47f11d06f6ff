import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
} from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Vm, VmUpdateField } from '@aether-v/types';
import type { ReactElement } from 'react';
import { vmOnHost } from '../actions/actions.text.ts';
import { ChangeDialog, type FormState } from '../vm-forms/change-dialog.tsx';
import { OverlapNotice } from './overlap-notice.tsx';
import { SettingsFields } from './settings-fields.tsx';
import { fieldsThatNeedOff, withFieldsOf } from './settings-input.ts';
import { editedVmQuery, type EditedVm } from './settings-query.ts';
import { settingLabels, settingsTexts as texts } from './settings.text.ts';
import { useEditedSettings } from './use-edited-settings.ts';

interface Props {
  readonly vm: Vm;
  readonly onClose: () => void;
}

const useStyles = makeStyles({ surface: { maxWidth: '48rem' } });

function problemAt(problems: FormState['problems'], field: VmUpdateField): string | undefined {
  return [...problems.fields].find(([path]) => path === field || path.startsWith(`${field}.`))?.[1];
}

function OpenForm({ vm, edited: from, onClose }: Props & { readonly edited: EditedVm }): ReactElement {
  const styles = useStyles();
  const queries = useQueryClient();
  const edited = useEditedSettings(from);
  const { input, set, read, base, overlap } = edited;
  const needsOff = fieldsThatNeedOff(read.changes, base.settings, vm.state);
  const count = Object.keys(read.changes).length;
  const canSend = count > 0 && read.problems.size === 0 && overlap === null;
  return (
    <ChangeDialog
      className={styles.surface}
      title={texts.title(vmOnHost(vm))}
      vm={vm}
      command="vm.update"
      change={
        canSend && needsOff.length === 0
          ? {
              command: 'vm.update',
              vmId: vm.id,
              options: { changes: read.changes, etag: base.etag },
            }
          : null
      }
      incomplete={overlap ? texts.resolve : [...read.problems.values()][0]}
      submit={texts.submit(count)}
      onClose={onClose}
      onRefused={({ code }) => {
        if (code === 'precondition-failed' || code === 'conflict')
          void queries.invalidateQueries(editedVmQuery(vm.id));
      }}
    >
      {({ problems }) => (
        <>
          <OverlapNotice edited={edited} />
          <SettingsFields
            vm={vm}
            input={input}
            set={set}
            needsOff={needsOff}
            problemOf={(field) => read.problems.get(field) ?? problemAt(problems, field)}
          />
          {needsOff.length > 0 && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>
                {texts.shutDownFirst(needsOff.map((field) => settingLabels[field]).join(', '), vm.name)}
              </MessageBarBody>
              <MessageBarActions>
                <Button onClick={() => set(withFieldsOf(input, needsOff, base.settings))}>
                  {texts.undo}
                </Button>
              </MessageBarActions>
            </MessageBar>
          )}
        </>
      )}
    </ChangeDialog>
  );
}

/** Edits the settings of a VM: sends only changed settings, and only if the VM still has the settings that were read. */
export function EditSettingsDialog({ vm, onClose }: Props): ReactElement | null {
  const { data } = useQuery(editedVmQuery(vm.id));
  return data ? <OpenForm vm={vm} edited={data} onClose={onClose} /> : null;
}
