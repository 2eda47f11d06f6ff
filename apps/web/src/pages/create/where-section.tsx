import type { Cluster, Host } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Choice } from '../../vm-forms/choice.tsx';
import { formTexts } from '../../vm-forms/form.text.ts';
import type { Place } from './create-input.ts';
import { createTexts as texts } from './create.text.ts';
import type { SectionProps } from './what-section.tsx';

const any = 'any';

function valueOf(place: Place): string {
  return place.kind === 'any' ? any : `${place.kind} ${place.id}`;
}

function placeOf(value: string): Place {
  const [kind, id = ''] = value.split(' ');
  return kind === 'cluster' || kind === 'host' ? { kind, id } : { kind: 'any' };
}

/** The second column: the host and its storage, chosen or left to the service. */
export function WhereSection({
  input,
  set,
  resources,
  problemAt,
  hosts,
  clusters,
}: SectionProps & { readonly hosts: readonly Host[]; readonly clusters: readonly Cluster[] }): ReactElement {
  const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
    a.name.localeCompare(b.name);
  return (
    <>
      <Choice
        label={texts.place}
        problem={problemAt('host') ?? problemAt('cluster')}
        value={valueOf(input.place)}
        options={[
          { value: any, label: texts.any },
          ...clusters.toSorted(byName).map(({ id, name }) => ({
            value: valueOf({ kind: 'cluster', id }),
            label: texts.clusterLabel(name),
          })),
          ...hosts.toSorted(byName).map(({ id, name, clusterName, connection }) => ({
            value: valueOf({ kind: 'host', id }),
            label: texts.hostLabel(name, clusterName),
            whyNot: connection.state === 'connected' ? undefined : texts.unreachable,
          })),
        ]}
        onChange={(value) => set({ place: placeOf(value) })}
      />
      <Choice
        label={texts.storage}
        hint={resources.hint}
        problem={problemAt('storageClass')}
        value={input.storageClass}
        options={[
          { value: '', label: texts.chooseStorage },
          ...resources.storage.map(({ name, free }) => ({ value: name, label: formTexts.free(name, free) })),
        ]}
        onChange={(storageClass) => set({ storageClass })}
      />
    </>
  );
}
