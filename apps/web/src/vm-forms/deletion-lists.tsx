import { makeStyles, tokens } from '@fluentui/react-components';
import type { Plan, Vm } from '@aether-v/types';
import { useMemo, type ReactElement } from 'react';
import { formatBytes } from '../components/format.ts';
import { formTexts as texts } from './form.text.ts';
import { NameList } from './name-list.tsx';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

/** Returns the sizes of the files of a VM's disks, by path as Windows compares them. */
function fileSizes({ disks }: Vm): ReadonlyMap<string, number> {
  return new Map(
    disks.flatMap(({ path, fileSize }) =>
      fileSize === null ? [] : [[path.toUpperCase(), fileSize] as const],
    ),
  );
}

/** The two lists of a deletion: everything that goes, and everything that stays with the reason. */
export function DeletionLists({
  vm,
  plan,
  first = [],
}: {
  readonly vm: Vm;
  readonly plan: Pick<Plan, 'ok' | 'deletes' | 'remaining'>;
  /** Things that go in addition to the files of the plan. */
  readonly first?: readonly string[];
}): ReactElement {
  const styles = useStyles();
  const sizes = useMemo(() => fileSizes(vm), [vm]);
  const withSize = (path: string) => {
    const size = sizes.get(path.toUpperCase());
    // Roles of a cluster have names without folders.
    const name = path.includes('\\') ? path : texts.role(path);
    return { key: path, name, ...(size !== undefined && { more: `(${formatBytes(size)})` }) };
  };
  const goes = [...first.map((name) => ({ key: name, name })), ...plan.deletes.map(withSize)];
  return (
    <div className={styles.root}>
      {(goes.length > 0 || plan.ok) && (
        <NameList
          title={texts.goes}
          names={goes.length === 0 ? [{ key: '', name: texts.nothingGoes }] : goes}
        />
      )}
      {plan.remaining.length > 0 && (
        <NameList
          title={texts.stays}
          names={plan.remaining.map(({ path, message }) => ({ key: path, name: path, more: message }))}
        />
      )}
    </div>
  );
}
