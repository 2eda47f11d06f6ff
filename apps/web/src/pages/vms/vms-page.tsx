import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { NewVmButton } from '../../actions/new-vm-button.tsx';
import { dropEmpty } from '../../address/drop-empty.ts';
import { formatCount } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { useGathering } from '../../fleet/use-gathering.ts';
import { VmList } from '../../vm-list/vm-list.tsx';
import { vmsTexts as texts } from './vms.text.ts';

/** All VMs of the fleet. */
export function VmsPage(): ReactElement {
  const search = useSearch({ from: '/vms' });
  const navigate = useNavigate({ from: '/vms' });
  const gathering = useGathering();
  const [total, setTotal] = useState<number | null>(null);
  return (
    <Page
      title={texts.title}
      actions={<NewVmButton />}
      beside={total !== null && <span aria-live="polite">{formatCount(total)}</span>}
      scrolls={false}
    >
      <VmList
        search={search}
        onSearch={(patch) =>
          void navigate({ search: (old) => dropEmpty({ ...old, ...patch }), replace: true })
        }
        onTotal={setTotal}
        empty={
          gathering ? (
            <Message title={texts.gathering}>{texts.gatheringBody}</Message>
          ) : (
            <Message title={texts.empty}>{texts.emptyBody}</Message>
          )
        }
      />
    </Page>
  );
}
