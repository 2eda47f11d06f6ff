import type { VmEditableSettings, VmUpdateField } from '@aether-v/types';
import { useState } from 'react';
import {
  changedFields,
  editableOf,
  inputOf,
  readSettings,
  withFieldsOf,
  type ReadSettings,
  type SettingsInput,
} from './settings-input.ts';
import type { EditedVm } from './settings-query.ts';

/** The settings that a form began with, and their digest. */
interface Base {
  readonly settings: VmEditableSettings;
  readonly etag: string | null;
}

/** Changes by others that concern settings which were also edited here. */
interface Overlap {
  readonly fields: readonly VmUpdateField[];
  readonly before: VmEditableSettings;
  readonly theirs: VmEditableSettings;
  /** Continues with their values of these fields, or with those that were entered here. */
  readonly resolve: (choice: 'keep' | 'take') => void;
}

/** A form over settings that others may change in the meantime. */
export interface EditedSettings {
  readonly base: Base;
  readonly input: SettingsInput;
  readonly set: (patch: Partial<SettingsInput>) => void;
  readonly read: ReadSettings;
  /** Null if no one else has changed what was edited here. */
  readonly overlap: Overlap | null;
  /** Changes by others to settings that were not edited here; the form shows their values. */
  readonly merged: readonly { readonly field: VmUpdateField; readonly before: VmEditableSettings }[];
}

/** Edits settings, and follows changes by others: fields that were not edited here show their values at once. */
export function useEditedSettings({ vm, etag }: EditedVm): EditedSettings {
  const [base, setBase] = useState<Base>(() => ({ settings: editableOf(vm), etag }));
  const [input, setInput] = useState(() => inputOf(vm));
  const [merged, setMerged] = useState<EditedSettings['merged']>([]);
  const theirs = editableOf(vm);
  const changed = changedFields(base.settings, theirs);
  const { edited } = readSettings(input, base.settings);
  const common = changed.filter((field) => edited.includes(field));
  const goOn = (fields: readonly VmUpdateField[]): void => {
    setBase({ settings: theirs, etag });
    setInput(withFieldsOf(input, fields, theirs));
  };
  const others = changed.filter((field) => !edited.includes(field));
  if (changed.length > 0 && common.length === 0) {
    goOn(others);
    setMerged([...merged, ...others.map((field) => ({ field, before: base.settings }))]);
  } else if (changed.length === 0 && base.etag !== etag) setBase({ ...base, etag });
  return {
    base,
    input,
    set: (patch) => setInput({ ...input, ...patch }),
    read: readSettings(input, base.settings),
    overlap:
      common.length === 0
        ? null
        : {
            fields: common,
            before: base.settings,
            theirs,
            resolve: (choice) => goOn(choice === 'take' ? changed : others),
          },
    merged,
  };
}
