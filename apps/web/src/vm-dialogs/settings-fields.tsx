import { Input, makeStyles, Text, Textarea } from '@fluentui/react-components';
import type { Vm, VmUpdateField } from '@aether-v/types';
import type { ReactElement } from 'react';
import { vmStateWords } from '../components/states.text.ts';
import { fileName } from '../hardware/hardware.text.ts';
import { slotText } from '../hardware/slot-text.ts';
import { checkpointTypeWords, startActionWords, stopActionWords } from '../components/vm.text.ts';
import { BootOrderField } from './boot-order-field.tsx';
import { Choice, type Option } from '../vm-forms/choice.tsx';
import { FieldsGrid } from './fields-grid.tsx';
import { FormField } from '../vm-forms/form-field.tsx';
import { MemoryFields } from './memory-fields.tsx';
import type { SettingsInput } from './settings-input.ts';
import { secureBootWords, settingLabels as labels, settingsTexts as texts } from './settings.text.ts';

const useStyles = makeStyles({ wide: { gridColumn: '1 / -1' } });

function optionsOf<T extends string>(
  words: Readonly<Record<T, string>>,
  present: T | null,
): readonly Option[] {
  const options = Object.entries<string>(words).map(([value, label]) => ({ value, label }));
  return present === null ? [{ value: '', label: texts.notReported }, ...options] : options;
}

/** Returns the name of a boot device: the file of a disk, the slot of a DVD drive, or the adapter. */
function deviceName({ disks, dvdDrives, networkAdapters }: Vm, id: string): string {
  const disk = disks.find((one) => one.id === id);
  if (disk) return texts.disk(fileName(disk.path));
  const drive = dvdDrives.find((one) => one.id === id);
  if (drive) return texts.dvd(slotText(drive));
  return networkAdapters.find((one) => one.id === id)?.name ?? id;
}

/** All fields of the settings of a VM. */
export function SettingsFields({
  vm,
  input,
  set,
  problemOf,
  needsOff,
}: {
  readonly vm: Vm;
  readonly input: SettingsInput;
  readonly set: (patch: Partial<SettingsInput>) => void;
  readonly problemOf: (field: VmUpdateField) => string | undefined;
  /** Edited fields that require the VM to be off. */
  readonly needsOff: readonly VmUpdateField[];
}): ReactElement {
  const styles = useStyles();
  const state = vmStateWords[vm.state];
  const at = (field: VmUpdateField): string | undefined => {
    if (!needsOff.includes(field)) return problemOf(field);
    return field === 'memory' ? texts.needsOffMemory(state) : texts.needsOff(state);
  };
  return (
    <>
      <FieldsGrid title={texts.groups.general}>
        <FormField label={labels.name} required problem={at('name')}>
          <Input value={input.name} maxLength={64} onChange={(_, { value }) => set({ name: value })} />
        </FormField>
        <div className={styles.wide}>
          <FormField label={labels.notes} problem={at('notes')}>
            <Textarea
              value={input.notes}
              maxLength={8192}
              resize="vertical"
              onChange={(_, { value }) => set({ notes: value })}
            />
          </FormField>
        </div>
      </FieldsGrid>
      <FieldsGrid title={texts.groups.hardware}>
        <FormField label={labels.processors} required problem={at('processors')}>
          <Input
            value={input.processors}
            inputMode="numeric"
            maxLength={4}
            onChange={(_, { value }) => set({ processors: value })}
          />
        </FormField>
        <MemoryFields value={input.memory} problem={at('memory')} onChange={(memory) => set({ memory })} />
      </FieldsGrid>
      <FieldsGrid title={texts.groups.boot}>
        {input.secureBoot === null ? (
          <FormField label={labels.secureBoot} problem={undefined}>
            <Text>{texts.generation1}</Text>
          </FormField>
        ) : (
          <Choice
            label={labels.secureBoot}
            problem={at('secureBoot')}
            value={input.secureBoot}
            options={optionsOf(secureBootWords, input.secureBoot).filter(
              ({ value }) => value !== 'other' || input.secureBoot === 'other',
            )}
            onChange={(value) => set({ secureBoot: value as SettingsInput['secureBoot'] })}
          />
        )}
        {input.bootOrder !== null && (
          <FormField label={labels.bootOrder} hint={texts.bootHint} problem={at('bootOrder')}>
            <BootOrderField
              devices={input.bootOrder}
              nameOf={(id) => deviceName(vm, id)}
              onChange={(bootOrder) => set({ bootOrder })}
            />
          </FormField>
        )}
      </FieldsGrid>
      <FieldsGrid title={texts.groups.host}>
        <Choice
          label={labels.automaticStartAction}
          problem={at('automaticStartAction')}
          value={input.automaticStartAction ?? ''}
          options={optionsOf(startActionWords, input.automaticStartAction)}
          onChange={(value) => set({ automaticStartAction: value as SettingsInput['automaticStartAction'] })}
        />
        <FormField label={labels.automaticStartDelaySeconds} problem={at('automaticStartDelaySeconds')}>
          <Input
            value={input.automaticStartDelaySeconds}
            inputMode="numeric"
            maxLength={5}
            onChange={(_, { value }) => set({ automaticStartDelaySeconds: value })}
          />
        </FormField>
        <Choice
          label={labels.automaticStopAction}
          problem={at('automaticStopAction')}
          value={input.automaticStopAction ?? ''}
          options={optionsOf(stopActionWords, input.automaticStopAction)}
          onChange={(value) => set({ automaticStopAction: value as SettingsInput['automaticStopAction'] })}
        />
        <Choice
          label={labels.checkpointType}
          problem={at('checkpointType')}
          value={input.checkpointType ?? ''}
          options={optionsOf(checkpointTypeWords, input.checkpointType)}
          onChange={(value) => set({ checkpointType: value as SettingsInput['checkpointType'] })}
        />
      </FieldsGrid>
    </>
  );
}
