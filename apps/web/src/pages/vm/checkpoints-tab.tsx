import { Badge } from '@fluentui/react-components';
import type { Vm, VmCheckpoint } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Section } from '../../components/section.tsx';
import { SimpleTable } from '../../components/simple-table.tsx';
import { Stack } from '../../components/stack.tsx';
import { Ago } from '../../components/time.tsx';
import { chainDepths } from './checkpoint-chain.ts';
import { vmTexts as texts } from './vm.text.ts';

function Name({
  checkpoint,
  depth,
}: {
  readonly checkpoint: VmCheckpoint;
  readonly depth: number;
}): ReactElement {
  return (
    <span style={{ paddingInlineStart: `${depth}rem` }}>
      {checkpoint.name} {checkpoint.current && <Badge appearance="tint">{texts.current}</Badge>}
    </span>
  );
}

/** The checkpoints as a tree. */
export function CheckpointsTab({ vm }: { readonly vm: Vm }): ReactElement {
  const chain = chainDepths(vm.checkpoints);
  return (
    <Stack>
      <Section title={texts.sections.checkpoints}>
        {chain.length === 0 ? (
          texts.noCheckpoints
        ) : (
          <SimpleTable
            label={texts.sections.checkpoints}
            columns={[texts.labels.name, texts.labels.kind, texts.labels.created]}
            rows={chain.map(({ checkpoint, depth }) => ({
              key: checkpoint.id,
              cells: [
                <Name key="name" checkpoint={checkpoint} depth={depth} />,
                checkpoint.type ?? texts.notReported,
                checkpoint.createdAt === null ? (
                  texts.notReported
                ) : (
                  <Ago key="created" moment={checkpoint.createdAt} />
                ),
              ],
            }))}
          />
        )}
      </Section>
    </Stack>
  );
}
