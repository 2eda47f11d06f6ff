import { Checkbox, Input, Text } from '@fluentui/react-components';
import type { VmSummary } from '@aether-v/types';
import { useId, useState, type ReactElement } from 'react';
import { checkpointTexts } from '../checkpoints/checkpoints.text.ts';
import { useRow } from '../fleet/fleet-context.ts';
import { moveTexts } from '../vm-dialogs/move.text.ts';
import { Choice } from '../vm-forms/choice.tsx';
import { FormField } from '../vm-forms/form-field.tsx';
import { bulkFormTexts as texts } from './bulk-form.text.ts';
import { BulkForm, type OpenBulkForm } from './bulk-form.tsx';

/** Returns the text that confirms a deletion: the name of the only VM, or the number of VMs. */
function wordOf([first, ...others]: readonly Pick<VmSummary, 'name'>[]): string {
  return others.length === 0 ? (first?.name ?? '') : String(others.length + 1);
}

function DeleteVms(props: OpenBulkForm): ReactElement {
  const [deletesDisks, setDeletesDisks] = useState(true);
  const [turnsOff, setTurnsOff] = useState(false);
  const [typed, setTyped] = useState('');
  const id = useId();
  const on = props.action.vms.filter(({ state }) => state !== 'Off' && state !== 'Saved').length;
  const force = turnsOff && on > 0;
  return (
    <BulkForm
      {...props}
      options={{ force, deleteDisks: deletesDisks }}
      startsAt={id}
      isDangerous
      submit={(count) => texts.deletes(count, force)}
      incomplete={(possible) => {
        if (typed.trim() === wordOf(possible.map(({ vm }) => vm))) return undefined;
        return possible.length === 1 ? texts.mustTypeName : texts.mustTypeCount;
      }}
    >
      {(possible) => {
        const confirmed = possible.length > 0 ? possible.map(({ vm }) => vm) : props.action.vms;
        return (
          <>
            <div>
              <Checkbox
                label={texts.disks}
                checked={deletesDisks}
                onChange={(_, { checked }) => setDeletesDisks(checked === true)}
              />
              {on > 0 && (
                <Checkbox
                  label={texts.turnOff(on)}
                  checked={turnsOff}
                  onChange={(_, { checked }) => setTurnsOff(checked === true)}
                />
              )}
            </div>
            <FormField label={texts.confirm(wordOf(confirmed))} problem={undefined}>
              <Input id={id} value={typed} autoComplete="off" onChange={(_, { value }) => setTyped(value)} />
            </FormField>
          </>
        );
      }}
    </BulkForm>
  );
}

function TakeCheckpoints(props: OpenBulkForm): ReactElement {
  const [name, setName] = useState('');
  const id = useId();
  const trimmed = name.trim();
  return (
    <BulkForm
      {...props}
      options={{}}
      more={{ checkpointName: trimmed === '' ? null : trimmed }}
      startsAt={id}
      submit={texts.takes}
    >
      {() => (
        <FormField label={texts.name} hint={checkpointTexts.nameHint} problem={undefined}>
          <Input id={id} value={name} maxLength={100} onChange={(_, { value }) => setName(value)} />
        </FormField>
      )}
    </BulkForm>
  );
}

const anyNode = '';

function MoveVms(props: OpenBulkForm): ReactElement {
  const [target, setTarget] = useState(anyNode);
  const id = useId();
  const [clusterId = null, ...otherClusters] = new Set(props.action.vms.map((vm) => vm.clusterId));
  const cluster = useRow('cluster', otherClusters.length === 0 ? clusterId : null);
  const nodes = cluster?.nodes ?? [];
  const node = nodes.find(({ hostId }) => hostId === target)?.name ?? null;
  return (
    <BulkForm
      {...props}
      options={{ targetHostId: target === anyNode ? null : target }}
      startsAt={id}
      submit={(count) => texts.moves(count, node)}
    >
      {() =>
        otherClusters.length > 0 ? (
          <Text>{texts.clusters}</Text>
        ) : (
          <Choice
            id={id}
            label={moveTexts.node}
            value={target}
            options={[
              { value: anyNode, label: moveTexts.cluster },
              ...nodes.map(({ hostId, name }) => ({ value: hostId, label: name })),
            ]}
            onChange={setTarget}
          />
        )
      }
    </BulkForm>
  );
}

const forms = {
  'checkpoint.create': TakeCheckpoints,
  'vm.move': MoveVms,
  'vm.delete': DeleteVms,
};

/** The dialog of a command for several VMs. */
export function BulkFormOf(props: OpenBulkForm): ReactElement {
  const Form = forms[props.action.command];
  return <Form {...props} />;
}
