import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { vmStates, type Inventory, type VmState, type VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { formatCount } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { vmStateViews, criticalView } from '../../components/states.text.ts';
import { Status } from '../../components/status.tsx';
import { criticalSearch } from '../../fleet/list-spec.ts';
import { totalsQuery } from '../../fleet/queries.ts';
import { overviewTexts as texts } from './overview.text.ts';

const useStyles = makeStyles({
  all: { display: 'flex', alignItems: 'baseline', gap: tokens.spacingHorizontalM, flexWrap: 'wrap' },
  number: {
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    fontVariantNumeric: 'tabular-nums',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  states: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalXXL,
    rowGap: tokens.spacingVerticalS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  state: { display: 'inline-flex', gap: tokens.spacingHorizontalS },
});

/** Counts by state, of which critical VMs are taken out: their state says nothing about what they can do. */
function countsWithoutCritical(
  byState: Inventory['totals']['byState'],
  critical: readonly VmSummary[],
): readonly (readonly [VmState, number])[] {
  return vmStates.flatMap((state): (readonly [VmState, number])[] => {
    const apart = critical.filter((vm) => vm.state === state && vm.stale === null).length;
    const count = (byState[state] ?? 0) - apart;
    return count > 0 ? [[state, count]] : [];
  });
}

/** The number of VMs, by state; critical ones and those of unreachable hosts apart. */
export function VmTotals({ critical }: { readonly critical: readonly VmSummary[] }): ReactElement {
  const styles = useStyles();
  const { data } = useQuery(totalsQuery());
  const present = critical.filter(({ stale }) => stale === null).length;
  const all = data ? data.vms + data.lastKnown.vms : 0;
  return (
    <Section title={texts.vms}>
      <div className={styles.all} aria-busy={!data}>
        <AppLink to="/vms" className={styles.number}>
          {formatCount(all)}
        </AppLink>
        {data && data.lastKnown.vms > 0 && (
          <span className={styles.quiet}>{texts.lastKnown(formatCount(data.lastKnown.vms))}</span>
        )}
      </div>
      <ul className={styles.states}>
        {present > 0 && (
          <li className={styles.state}>
            <Status view={criticalView} />
            <AppLink to="/vms" search={{ search: criticalSearch }}>
              {formatCount(present)}
            </AppLink>
          </li>
        )}
        {data &&
          countsWithoutCritical(data.byState, critical).map(([state, count]) => (
            <li key={state} className={styles.state}>
              <Status view={vmStateViews[state]} />
              <AppLink to="/vms" search={{ state }}>
                {formatCount(count)}
              </AppLink>
            </li>
          ))}
      </ul>
    </Section>
  );
}
