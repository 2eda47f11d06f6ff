import { Input, Radio, RadioGroup, Switch } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Choice } from '../../vm-forms/choice.tsx';
import { FormField } from '../../vm-forms/form-field.tsx';
import { MemoryFields } from '../../vm-dialogs/memory-fields.tsx';
import { secureBootWords } from '../../vm-dialogs/settings.text.ts';
import { SizeField } from '../../vm-forms/size-field.tsx';
import { presetOf, sizePresets, type CreateInput } from './create-input.ts';
import { createTexts as texts } from './create.text.ts';
import type { FleetResources } from './use-fleet-resources.ts';

/** The parts of the form that every section needs. */
export interface SectionProps {
  readonly input: CreateInput;
  readonly set: (patch: Partial<CreateInput>) => void;
  readonly resources: FleetResources;
  /** The problem of a field, or of one below it; undefined if there is none. */
  readonly problemAt: (field: string) => string | undefined;
}

const exact = 'exact';

/** Returns the secure boot template that an image needs. */
function templateFor(family: 'windows' | 'linux' | null | undefined): CreateInput['secureBoot'] {
  return family === 'linux' ? 'MicrosoftUEFICertificateAuthority' : null;
}

function FirstDisk({ input, set, resources, problemAt }: SectionProps): ReactElement {
  return (
    <>
      <FormField label={texts.source} problem={undefined}>
        <RadioGroup
          layout="horizontal"
          value={input.source}
          onChange={(_, { value }) =>
            set({
              source: value as CreateInput['source'],
              diskSize: value === 'blank' ? '60 GB' : '',
              ...(value !== 'image' && { image: '', secureBoot: null }),
            })
          }
        >
          <Radio value="image" label={texts.fromImage} />
          <Radio value="blank" label={texts.blank} />
          <Radio value="none" label={texts.noDisk} />
        </RadioGroup>
      </FormField>
      {input.source === 'image' && (
        <Choice
          label={texts.image}
          required
          hint={resources.hint ?? (resources.images.length === 0 ? texts.noImages : undefined)}
          value={input.image}
          options={[
            { value: '', label: texts.chooseImage },
            ...resources.images.map(({ id, name, virtualSize }) => ({
              value: id,
              label: texts.imageLabel(name, virtualSize),
            })),
          ]}
          onChange={(image) => {
            const family = resources.images.find(({ id }) => id === image)?.osFamily;
            set({ image, secureBoot: templateFor(family) });
          }}
        />
      )}
      {input.source !== 'none' && (
        <SizeField
          label={input.source === 'image' ? texts.enlarge : texts.size}
          hint={input.source === 'image' ? texts.enlargeHint : undefined}
          required={input.source === 'blank'}
          problem={problemAt('disks')}
          value={input.diskSize}
          onChange={(diskSize) => set({ diskSize })}
        />
      )}
    </>
  );
}

/** The first column: name, content and size. */
export function WhatSection(props: SectionProps): ReactElement {
  const { input, set, resources, problemAt } = props;
  const preset = presetOf(input);
  return (
    <>
      <FormField label={texts.name} required problem={problemAt('name')}>
        <Input
          value={input.name}
          maxLength={64}
          autoComplete="off"
          onChange={(_, { value }) => set({ name: value })}
        />
      </FormField>
      <FirstDisk {...props} />
      <Choice
        label={texts.preset}
        value={preset?.label ?? exact}
        options={[
          ...sizePresets.map(({ label, processors, memory }) => ({
            value: label,
            label: texts.presetLabel(label, processors, memory),
          })),
          ...(preset ? [] : [{ value: exact, label: texts.exact }]),
        ]}
        onChange={(label) => {
          const next = sizePresets.find((one) => one.label === label);
          if (!next) return;
          const memory = { ...input.memory, dynamic: false, startup: next.memory };
          set({ processors: next.processors, memory });
        }}
      />
      <FormField label={texts.processors} required problem={problemAt('processors')}>
        <Input
          value={input.processors}
          inputMode="numeric"
          maxLength={4}
          onChange={(_, { value }) => set({ processors: value })}
        />
      </FormField>
      <MemoryFields
        value={input.memory}
        problem={problemAt('memory')}
        onChange={(memory) => set({ memory })}
      />
      <Choice
        label={texts.secureBoot}
        problem={problemAt('secureBoot')}
        value={input.secureBoot ?? 'MicrosoftWindows'}
        options={(['MicrosoftWindows', 'MicrosoftUEFICertificateAuthority', 'off'] as const).map((value) => ({
          value,
          label: secureBootWords[value],
        }))}
        onChange={(value) => set({ secureBoot: value as CreateInput['secureBoot'] })}
      />
      <Choice
        label={texts.iso}
        hint={input.iso === '' ? undefined : texts.isoHint}
        problem={problemAt('dvd')}
        value={input.iso}
        options={[
          { value: '', label: texts.noDvd },
          ...resources.isos.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(iso) => set({ iso })}
      />
      <Switch
        label={texts.start}
        checked={input.start}
        onChange={(_, { checked }) => set({ start: checked })}
      />
    </>
  );
}
