import { makeStyles, tokens } from '@fluentui/react-components';
import type { Job } from '@aether-v/types';
import { useMemo, type ReactElement } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { Message } from '../components/message.tsx';
import { ReadFailed } from '../components/read-failed.tsx';
import { useNarrow } from '../components/use-media.ts';
import { readJobs, type JobFilter } from '../fleet/job-filter.ts';
import { useWhyNot } from '../session/session-context.ts';
import { useColumnChoice } from '../table/column-choice.ts';
import { ColumnMenu } from '../table/column-menu.tsx';
import { ExportButton } from '../table/export-button.tsx';
import { useWidth } from '../table/use-width.ts';
import { activityTexts as texts } from './activity.text.ts';
import { jobColumns } from './job-columns.tsx';
import { JobTable } from './job-table.tsx';
import { useJobList } from './use-job-list.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 },
  bar: {
    display: 'flex',
    justifyContent: 'flex-end',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
  },
});

/** A job for several VMs is not what was done to one of them: its part for this VM is. */
const isOwn = ({ children }: Job): boolean => children === null;

const columnsOfVm = jobColumns.filter(({ name }) => name !== 'on');
const columnsOfHost = jobColumns.filter(({ name }) => name !== 'host');

/** The actions on a VM, or on a host: who, when, how long, with what result. */
export function Activity({ kind, id }: { readonly kind: 'vm' | 'host'; readonly id: string }): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const mayAudit = useWhyNot()('audit') === null;
  const filter = useMemo<JobFilter>(
    () => (kind === 'vm' ? { vmIds: [id], topLevel: false } : { hostIds: [id], topLevel: false }),
    [kind, id],
  );
  const list = useJobList(filter, isOwn, false);
  const all = kind === 'vm' ? columnsOfVm : columnsOfHost;
  const [width, measure] = useWidth();
  const choice = useColumnChoice(`activity-${kind}`, all, width);
  if (list.error) return <ReadFailed title={texts.failed} error={list.error} />;
  if (list.total === 0)
    return (
      <Message
        title={texts.none}
        action={
          mayAudit && (
            <AppLink to="/audit" search={{ object: id }}>
              {texts.audit}
            </AppLink>
          )
        }
      >
        {kind === 'vm' ? texts.noneVm : texts.noneHost}
      </Message>
    );
  return (
    <div className={styles.root}>
      <div ref={measure} className={styles.bar}>
        {!narrow && <ColumnMenu all={all} choice={choice} />}
        <ExportButton
          name="activity"
          columns={choice.columns.flatMap(({ csv }) => csv)}
          read={async () => (await readJobs(filter)).filter(isOwn)}
        />
      </div>
      <JobTable label={texts.table} columns={choice.visible} list={list} />
    </div>
  );
}
