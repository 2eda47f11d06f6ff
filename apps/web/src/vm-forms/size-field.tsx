import { Input } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { FormField } from './form-field.tsx';
import { formTexts } from './form.text.ts';
import { parseSize } from './sizes.ts';

/** A field for a size as text, such as `60 GB`; the form reads it with `parseSize`. */
export function SizeField({
  label,
  hint,
  problem,
  required = false,
  value,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem: string | undefined;
  readonly required?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const isUnreadable = value.trim() !== '' && parseSize(value) === null;
  return (
    <FormField
      label={label}
      hint={hint}
      required={required}
      problem={isUnreadable ? formTexts.noSize : problem}
    >
      <Input
        value={value}
        onFocus={({ target }) => target.select()}
        onChange={(_, data) => onChange(data.value)}
      />
    </FormField>
  );
}
