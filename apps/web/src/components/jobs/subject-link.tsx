import type { CommandSubject, JobSubject } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useRow } from '../../fleet/fleet-context.ts';
import { AppLink } from '../app-link.tsx';

type Kind = Exclude<CommandSubject, 'none'>;

const links: Record<Kind, (id: string, name: string, tabIndex: number | undefined) => ReactElement> = {
  vm: (vmId, name, tabIndex) => (
    <AppLink to="/vms/$vmId" params={{ vmId }} tabIndex={tabIndex}>
      {name}
    </AppLink>
  ),
  host: (hostId, name, tabIndex) => (
    <AppLink to="/hosts/$hostId" params={{ hostId }} tabIndex={tabIndex}>
      {name}
    </AppLink>
  ),
  cluster: (clusterId, name, tabIndex) => (
    <AppLink to="/clusters/$clusterId" params={{ clusterId }} tabIndex={tabIndex}>
      {name}
    </AppLink>
  ),
};

/** The name of an object as a link to its page; the name alone if its id is unknown. */
export function SubjectLink({
  kind,
  id,
  name,
  tabIndex,
}: Omit<JobSubject, 'kind'> & { readonly kind: Kind; readonly tabIndex?: number }): ReactElement {
  const row = useRow(kind, id);
  const shown = row?.name ?? name ?? id ?? '';
  return id === null ? <>{shown}</> : links[kind](id, shown, tabIndex);
}
