import { Field } from '@fluentui/react-components';
import type { ReactElement } from 'react';

/** A field of a form, with its problem or a hint below it. */
export function FormField({
  label,
  hint,
  problem,
  required = false,
  children,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  /** The reason why the value cannot be used; undefined if it can. */
  readonly problem: string | undefined;
  readonly required?: boolean;
  readonly children: ReactElement;
}): ReactElement {
  return (
    <Field
      label={label}
      required={required}
      hint={hint ?? null}
      validationMessage={problem ?? null}
      validationState={problem === undefined ? 'none' : 'error'}
    >
      {children}
    </Field>
  );
}
