import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useRow } from '../../fleet/fleet-context.ts';
import { JobLine } from './job-line.tsx';

const useStyles = makeStyles({
  root: {
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalXL}`,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}`,
  },
});

/** One job in a list, updated live. */
export function JobRow({ id }: { readonly id: string }): ReactElement | null {
  const styles = useStyles();
  const job = useRow('job', id);
  return (
    job && (
      <li className={styles.root}>
        <JobLine job={job} />
      </li>
    )
  );
}
