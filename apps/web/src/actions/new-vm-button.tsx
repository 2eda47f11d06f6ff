import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useNavigate } from '@tanstack/react-router';
import { commands } from '@aether-v/types';
import type { ReactElement } from 'react';
import type { CreateSearch } from '../address/create-search.ts';
import { useWhyNot } from '../session/session-context.ts';

/** Opens the form of a new VM, at a host or cluster if one is given. */
export function NewVmButton({ at = {} }: { readonly at?: CreateSearch }): ReactElement {
  const navigate = useNavigate();
  const reason = useWhyNot()('create') ?? undefined;
  return (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      title={reason}
      aria-description={reason}
      disabledFocusable={reason !== undefined}
      onClick={() => void navigate({ to: '/create', search: at })}
    >
      {commands['vm.create'].label}
    </Button>
  );
}
