import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { NameList } from '../vm-forms/name-list.tsx';
import { bulkFormTexts as texts } from './bulk-form.text.ts';
import type { PlannedVm, PlannedVms } from './bulk-plan.ts';
import { bulkTexts } from './bulk.text.ts';

const useStyles = makeStyles({
  more: { color: tokens.colorNeutralForeground2 },
  files: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, listStyleType: 'none' },
});

function VmPart({
  title,
  vms,
  details,
}: {
  readonly title: string;
  readonly vms: readonly PlannedVm[];
  readonly details: (vm: PlannedVm) => ReactNode;
}): ReactElement | null {
  if (vms.length === 0) return null;
  const names = vms.map((one) => ({
    key: one.vm.id,
    name: one.vm.name,
    more: bulkTexts.onHost(one.vm.hostName),
    details: details(one),
  }));
  return <NameList title={title} names={names} />;
}

function Files({ plan, isUnchecked }: PlannedVm): ReactElement | null {
  const styles = useStyles();
  if (isUnchecked) return <div className={styles.more}>{texts.unchecked}</div>;
  const lines = [...plan.deletes, ...plan.remaining.map(({ path, message }) => texts.kept(path, message))];
  if (lines.length === 0) return null;
  return (
    <ul className={styles.files}>
      {lines.map((line) => (
        <li key={line} className={styles.more}>
          {line}
        </li>
      ))}
    </ul>
  );
}

/** The lists of a dry run for several VMs: the VMs with their changes, and the VMs that are left out with the reasons. */
export function BulkPlanLists({
  title,
  planned: { possible, leftOut },
}: {
  readonly title: string;
  readonly planned: PlannedVms;
}): ReactElement {
  const styles = useStyles();
  return (
    <>
      <VmPart title={title} vms={possible} details={(vm) => <Files {...vm} />} />
      <VmPart
        title={texts.leftOut}
        vms={leftOut}
        details={({ plan }) => (
          <div className={styles.more}>{plan.refusals.map(({ message }) => message).join(' ')}</div>
        )}
      />
    </>
  );
}
