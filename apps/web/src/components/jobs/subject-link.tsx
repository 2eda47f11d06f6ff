import type { CommandSubject, JobSubject } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useRow } from '../../fleet/fleet-context.ts';
import { AppLink } from '../app-link.tsx';

type Kind = Exclude<CommandSubject, 'none'>;

const links: Record<Kind, (id: string, name: string) => ReactElement> = {
  vm: (vmId, name) => (
    <AppLink to="/vms/$vmId" params={{ vmId }}>
      {name}
    </AppLink>
  ),
  host: (hostId, name) => (
    <AppLink to="/hosts/$hostId" params={{ hostId }}>
      {name}
    </AppLink>
  ),
  cluster: (clusterId, name) => (
    <AppLink to="/clusters/$clusterId" params={{ clusterId }}>
      {name}
    </AppLink>
  ),
};

/** The name of an object as a link to its page; the name alone if its id is unknown. */
export function SubjectLink({
  kind,
  id,
  name,
}: Omit<JobSubject, 'kind'> & { readonly kind: Kind }): ReactElement {
  const row = useRow(kind, id);
  const shown = row?.name ?? name ?? id ?? '';
  return id === null ? <>{shown}</> : links[kind](id, shown);
}
