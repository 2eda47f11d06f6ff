import { Button, type ButtonProps } from '@fluentui/react-components';
import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useCommandReason } from './use-command-reason.ts';
import type { ChangeName } from './changes.ts';

/** A button that opens the form of a command; disabled with the reason while the command is not possible. */
export function CommandButton({
  vm,
  command,
  inAnyState = false,
  whyNot,
  ...props
}: ButtonProps & {
  readonly vm: Vm;
  readonly command: ChangeName;
  readonly inAnyState?: boolean;
  /** A further reason against it; null if there is none. */
  readonly whyNot?: string | null;
}): ReactElement {
  const reasonOf = useCommandReason(vm);
  const reason = reasonOf(command, inAnyState) ?? whyNot ?? undefined;
  return (
    <Button
      {...props}
      aria-description={reason}
      title={reason ?? props.title}
      disabledFocusable={reason !== undefined}
    />
  );
}
