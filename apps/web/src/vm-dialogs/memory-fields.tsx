import { Input, Switch } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { FormField } from '../vm-forms/form-field.tsx';
import type { MemoryInput } from './settings-input.ts';
import { settingsTexts as texts } from './settings.text.ts';
import { SizeField } from '../vm-forms/size-field.tsx';

/** The fields of static or dynamic memory. */
export function MemoryFields({
  value,
  problem,
  onChange,
}: {
  readonly value: MemoryInput;
  readonly problem: string | undefined;
  readonly onChange: (value: MemoryInput) => void;
}): ReactElement {
  const set = (patch: Partial<MemoryInput>): void => onChange({ ...value, ...patch });
  return (
    <>
      <SizeField
        label={texts.startup}
        problem={problem}
        value={value.startup}
        onChange={(startup) => set({ startup })}
      />
      <Switch
        label={texts.dynamicMemory}
        checked={value.dynamic}
        onChange={(_, { checked }) => set({ dynamic: checked })}
      />
      {value.dynamic && (
        <>
          <SizeField
            label={texts.minimum}
            problem={undefined}
            value={value.minimum}
            onChange={(minimum) => set({ minimum })}
          />
          <SizeField
            label={texts.maximum}
            problem={undefined}
            value={value.maximum}
            onChange={(maximum) => set({ maximum })}
          />
          <FormField label={texts.buffer} problem={undefined}>
            <Input
              value={value.bufferPercent}
              inputMode="numeric"
              maxLength={4}
              onChange={(_, data) => set({ bufferPercent: data.value })}
            />
          </FormField>
        </>
      )}
    </>
  );
}
