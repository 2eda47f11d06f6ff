import { makeStyles, Select } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { FormField } from './form-field.tsx';

// As wide as its field, whatever its options are.
const useStyles = makeStyles({
  root: { minWidth: 0, '& > select': { width: '100%', textOverflow: 'ellipsis' } },
});

/** An option of a choice. */
export interface Option {
  readonly value: string;
  readonly label: string;
  /** The reason why it cannot be chosen; shown after its label. */
  readonly whyNot?: string | undefined;
}

/** A choice of one out of a list, as the platform shows it: by keyboard, by typing, and on a phone. */
export function Choice({
  id,
  label,
  hint,
  problem,
  required = false,
  value,
  options,
  onChange,
}: {
  readonly id?: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
  readonly required?: boolean;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}): ReactElement {
  const styles = useStyles();
  return (
    <FormField label={label} hint={hint} problem={problem} required={required}>
      <Select id={id} className={styles.root} value={value} onChange={(_, data) => onChange(data.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.whyNot !== undefined}>
            {option.whyNot === undefined ? option.label : `${option.label} (${option.whyNot})`}
          </option>
        ))}
      </Select>
    </FormField>
  );
}
