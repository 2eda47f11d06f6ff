import { Caption1Strong, makeStyles, tokens } from '@fluentui/react-components';
import { useId, type ReactElement, type ReactNode } from 'react';
import { bulkFormTexts as texts } from './bulk-form.text.ts';
import type { PlannedVm, PlannedVms } from './bulk-plan.ts';
import { bulkTexts } from './bulk.text.ts';

const useStyles = makeStyles({
  part: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  list: {
    maxHeight: '14rem',
    overflowY: 'auto',
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalXL,
    overflowWrap: 'anywhere',
  },
  more: { color: tokens.colorNeutralForeground2 },
  files: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, listStyleType: 'none' },
});

function VmPart({
  title,
  vms,
  about,
}: {
  readonly title: string;
  readonly vms: readonly PlannedVm[];
  readonly about: (vm: PlannedVm) => ReactNode;
}): ReactElement | null {
  const styles = useStyles();
  const id = useId();
  if (vms.length === 0) return null;
  return (
    <div className={styles.part}>
      <Caption1Strong id={id}>{title}</Caption1Strong>
      {/* It may scroll, so it must be reachable by keyboard. */}
      <ul className={styles.list} aria-labelledby={id} tabIndex={0}>
        {vms.map((one) => (
          <li key={one.vm.id}>
            {one.vm.name} <span className={styles.more}>{bulkTexts.onHost(one.vm.hostName)}</span>
            {about(one)}
          </li>
        ))}
      </ul>
    </div>
  );
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

/** The lists of a dry run for several VMs: what happens to which VM, and which ones are left out with the reasons. */
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
      <VmPart title={title} vms={possible} about={(vm) => <Files {...vm} />} />
      <VmPart
        title={texts.leftOut}
        vms={leftOut}
        about={({ plan }) => (
          <div className={styles.more}>{plan.refusals.map(({ message }) => message).join(' ')}</div>
        )}
      />
    </>
  );
}
