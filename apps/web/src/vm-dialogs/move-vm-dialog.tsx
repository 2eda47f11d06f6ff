import { Radio, RadioGroup, Text } from '@fluentui/react-components';
import type { Cluster, Host, HostUsage, Vm } from '@aether-v/types';
import { useMemo, useState, useSyncExternalStore, type ReactElement } from 'react';
import { vmOnHost } from '../actions/actions.text.ts';
import { nodeStateViews } from '../components/states.text.ts';
import { useFleet, useInterest, useRow, useRows } from '../fleet/fleet-context.ts';
import { ChangeDialog } from '../vm-forms/change-dialog.tsx';
import { FormField } from '../vm-forms/form-field.tsx';
import { moveTexts as texts } from './move.text.ts';

/** A node as the target of a move. */
interface MoveTarget {
  readonly hostId: string;
  readonly name: string;
  /** In bytes; null until it was measured. */
  readonly freeMemory: number | null;
  /** The reason why the VM cannot move there; null if it may. */
  readonly whyNot: string | null;
}

type Usage = Pick<HostUsage, 'memoryAvailable'>;

/** Returns the nodes of a cluster as targets of a move, those with the most free memory first. */
function moveTargets(
  vm: Pick<Vm, 'hostId' | 'state' | 'memory'>,
  cluster: Cluster | null,
  hostOf: (hostId: string) => Host | undefined,
  usageOf: (hostId: string) => Usage | null,
): readonly MoveTarget[] {
  const targets = (cluster?.nodes ?? []).flatMap(({ name, hostId, state }) => {
    const host = hostOf(hostId);
    if (!host) return [];
    const freeMemory = usageOf(hostId)?.memoryAvailable ?? null;
    const isShort = vm.state === 'Running' && freeMemory !== null && freeMemory < vm.memory.startup;
    const whyNot =
      hostId === vm.hostId
        ? texts.here
        : host.connection.state === 'unreachable'
          ? texts.unreachable
          : state !== 'Up'
            ? texts.nodeState(nodeStateViews[state].word)
            : isShort
              ? texts.noMemory
              : null;
    return [{ hostId, name, freeMemory, whyNot }];
  });
  return targets.toSorted((a, b) => (b.freeMemory ?? 0) - (a.freeMemory ?? 0));
}

const none: readonly string[] = [];
const anyNode = '';

/** Moves a VM to another node of its cluster. */
export function MoveVmDialog({
  vm,
  onClose,
}: {
  readonly vm: Vm;
  readonly onClose: () => void;
}): ReactElement {
  const { usage } = useFleet();
  const cluster = useRow('cluster', vm.clusterId);
  const hosts = useRows('host');
  const hostIds = useMemo(() => cluster?.hostIds ?? none, [cluster]);
  useInterest(none, hostIds);
  // The snapshot is a text, so that it is equal while nothing has changed.
  const measured = useSyncExternalStore(usage.subscribe, () =>
    JSON.stringify(hostIds.map((id) => usage.host(id)?.latest.memoryAvailable ?? null)),
  );
  const free = JSON.parse(measured) as (number | null)[];
  const targets = moveTargets(
    vm,
    cluster,
    (id) => hosts.find((host) => host.id === id),
    (id) => {
      const memoryAvailable = free[hostIds.indexOf(id)] ?? null;
      return memoryAvailable === null ? null : { memoryAvailable };
    },
  );
  const [target, setTarget] = useState(anyNode);
  const name = targets.find(({ hostId }) => hostId === target)?.name ?? null;
  return (
    <ChangeDialog
      title={texts.title(vmOnHost(vm))}
      vm={vm}
      command="vm.move"
      change={{
        command: 'vm.move',
        vmId: vm.id,
        options: { targetHostId: target === anyNode ? null : target },
      }}
      submit={texts.submit(vm.name, name)}
      onClose={onClose}
    >
      {({ problems }) => (
        <>
          <Text>{vm.state === 'Running' || vm.state === 'Paused' ? texts.live : texts.stopped}</Text>
          <FormField
            label={texts.node}
            hint={free.every((one) => one === null) ? texts.measuring : undefined}
            problem={problems.fields.get('targetHostId')}
          >
            <RadioGroup value={target} onChange={(_, { value }) => setTarget(value)}>
              <Radio value={anyNode} label={texts.cluster} />
              {targets.map(({ hostId, name: node, freeMemory, whyNot }) => (
                <Radio
                  key={hostId}
                  value={hostId}
                  disabled={whyNot !== null}
                  label={`${texts.free(node, freeMemory)}${whyNot === null ? '' : ` (${whyNot})`}`}
                />
              ))}
            </RadioGroup>
          </FormField>
        </>
      )}
    </ChangeDialog>
  );
}
