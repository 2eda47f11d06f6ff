import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { vmStates } from '@aether-v/types';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Columns } from '../../components/columns.tsx';
import { formatCount } from '../../components/format.ts';
import { JobLine } from '../../components/jobs/job-line.tsx';
import { newestJobs } from '../../fleet/job-order.ts';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { vmStateViews } from '../../components/states.text.ts';
import { Stack } from '../../components/stack.tsx';
import { Status } from '../../components/status.tsx';
import { useNow } from '../../components/use-now.ts';
import { useRows } from '../../fleet/fleet-context.ts';
import { totalsQuery } from '../../fleet/queries.ts';
import { AttentionList } from './attention-list.tsx';
import { needsAttention } from './attention.ts';
import { ReadingHosts } from './reading-hosts.tsx';
import { overviewTexts as texts } from './overview.text.ts';

const useStyles = makeStyles({
  totals: {
    display: 'grid',
    gridTemplateColumns: 'repeat(2, max-content)',
    '@media (min-width: 768px)': { gridTemplateColumns: 'repeat(5, max-content)' },
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalM,
  },
  total: { display: 'flex', flexDirection: 'column' },
  number: {
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    fontVariantNumeric: 'tabular-nums',
  },
  name: { color: tokens.colorNeutralForeground3 },
  states: { display: 'grid', gap: tokens.spacingVerticalXS, margin: 0, padding: 0, listStyleType: 'none' },
  state: {
    display: 'grid',
    gridTemplateColumns: '10rem max-content max-content',
    columnGap: tokens.spacingHorizontalM,
  },
});

function Total({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  const styles = useStyles();
  return (
    <span className={styles.total}>
      <span className={styles.number}>{children}</span>
      <span className={styles.name}>{name}</span>
    </span>
  );
}

function States(): ReactElement {
  const styles = useStyles();
  const { data } = useQuery(totalsQuery());
  return (
    <ul className={styles.states} aria-busy={!data}>
      {vmStates.map((state) => {
        const count = data?.byState[state] ?? 0;
        const lastKnown = data?.lastKnown.byState[state] ?? 0;
        return (
          count + lastKnown > 0 && (
            <li key={state} className={styles.state}>
              <Status view={vmStateViews[state]} />
              <AppLink to="/vms" search={{ state }}>
                {formatCount(count)}
              </AppLink>
              {lastKnown > 0 && (
                <span className={styles.name}>{texts.lastKnown(formatCount(lastKnown))}</span>
              )}
            </li>
          )
        );
      })}
    </ul>
  );
}

const recentJobs = 6;

/** The overview of the fleet: totals, items that need attention, recent jobs. */
export function OverviewPage(): ReactElement {
  const styles = useStyles();
  const hosts = useRows('host');
  const clusters = useRows('cluster');
  const jobs = useRows('job');
  const now = useNow();
  const items = useMemo(() => needsAttention(hosts, clusters, jobs, now), [hosts, clusters, jobs, now]);
  const recent = useMemo(() => newestJobs(jobs, recentJobs), [jobs]);
  const all = hosts.reduce((sum, { vmCount }) => sum + vmCount, 0);
  const lastKnown = hosts.reduce((sum, { staleVmCount }) => sum + staleVmCount, 0);
  const running = hosts.reduce((sum, { runningVmCount }) => sum + runningVmCount, 0);
  if (hosts.length === 0)
    return (
      <Page title={texts.title}>
        <Message title={texts.empty}>{texts.emptyBody}</Message>
      </Page>
    );
  return (
    <Page title={texts.title}>
      <Columns>
        <Section title={texts.totals}>
          <div className={styles.totals}>
            <Total name={texts.vms}>{formatCount(all - lastKnown)}</Total>
            <Total name={texts.running}>{formatCount(running)}</Total>
            {lastKnown > 0 && <Total name={texts.lastKnownVms}>{formatCount(lastKnown)}</Total>}
            <Total name={texts.hosts}>{formatCount(hosts.length)}</Total>
            <Total name={texts.clusters}>{formatCount(clusters.length)}</Total>
          </div>
          <ReadingHosts />
        </Section>
        <Section title={texts.states}>
          <States />
        </Section>
      </Columns>
      <Stack>
        <Section title={texts.attention}>
          <AttentionList items={items} />
        </Section>
        <Section title={texts.recent}>
          {recent.length === 0 ? (
            texts.noJobs
          ) : (
            <div>
              {recent.map((job) => (
                <JobLine key={job.id} job={job} />
              ))}
            </div>
          )}
        </Section>
      </Stack>
    </Page>
  );
}
