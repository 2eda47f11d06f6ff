import { makeStyles, mergeClasses, ProgressBar, tokens } from '@fluentui/react-components';
import { useMemo, useSyncExternalStore, type ReactElement } from 'react';
import { Dash } from '../../components/dash.tsx';
import { formatBytes, formatCount, formatPercent } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { useNow } from '../../components/use-now.ts';
import { useFleet, useInterest, useRows } from '../../fleet/fleet-context.ts';
import { fleetCapacity, type Capacity, type FleetCapacity } from './fleet-capacity.ts';
import { overviewTexts as texts } from './overview.text.ts';

const useStyles = makeStyles({
  list: { display: 'grid', gap: tokens.spacingVerticalS, margin: 0 },
  line: {
    display: 'grid',
    gridTemplateColumns: '5rem minmax(4rem, 1fr) 3rem',
    '@media (min-width: 768px)': { gridTemplateColumns: '5rem minmax(4rem, 1fr) 3rem 9rem' },
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
  },
  name: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0 },
  number: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  amount: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    '@media (max-width: 767px)': { gridColumn: '2 / -1' },
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const noVms: readonly string[] = [];
/** The used fraction from which a resource is shown as nearly full. */
const nearlyFull = 0.85;

/** Samples follow each other every few seconds; the bars are drawn anew with the console's clock. */
function useFleetCapacity(): FleetCapacity {
  const { usage } = useFleet();
  const hosts = useRows('host');
  const clusters = useRows('cluster');
  useInterest(
    noVms,
    useMemo(() => hosts.map(({ id }) => id), [hosts]),
  );
  const now = useNow();
  // The first samples are shown at once.
  const sampled = useSyncExternalStore(
    usage.subscribe,
    () => hosts.filter(({ id }) => usage.host(id) !== null).length,
  );
  return useMemo(
    () => fleetCapacity(hosts, clusters, (id) => usage.host(id)?.latest ?? null),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the time and the number of samples stand for the samples
    [hosts, clusters, usage, now, sampled],
  );
}

function Line({
  name,
  capacity,
  amount,
}: {
  readonly name: string;
  readonly capacity: Capacity | null;
  readonly amount: (capacity: Capacity) => string;
}): ReactElement {
  const styles = useStyles();
  const fraction = capacity && capacity.used / capacity.all;
  return (
    <div className={styles.line}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>
        <ProgressBar
          aria-label={name}
          thickness="large"
          value={fraction ?? 0}
          color={fraction !== null && fraction > nearlyFull ? 'warning' : 'brand'}
        />
      </dd>
      <dd className={mergeClasses(styles.value, styles.number)}>
        {fraction === null ? <Dash reason={texts.unmeasured} /> : formatPercent(fraction * 100)}
      </dd>
      <dd className={mergeClasses(styles.value, styles.amount)}>{capacity && amount(capacity)}</dd>
    </div>
  );
}

function bytes({ used, all }: Capacity): string {
  return texts.amount(formatBytes(used), formatBytes(all));
}

/** The used part of CPU, memory and storage of the fleet, and the room for more. */
export function CapacitySection(): ReactElement {
  const styles = useStyles();
  const { cpu, memory, storage, room, measured, hosts } = useFleetCapacity();
  return (
    <Section title={texts.capacity}>
      <dl className={styles.list}>
        <Line name={texts.cpu} capacity={cpu} amount={({ all }) => texts.processors(formatCount(all))} />
        <Line name={texts.memory} capacity={memory} amount={bytes} />
        <Line name={texts.storage} capacity={storage} amount={bytes} />
      </dl>
      <div className={styles.quiet}>
        {measured === 0 ? texts.unmeasured : texts.room(formatCount(room))}
        {measured > 0 && measured < hosts && ` ${texts.measured(formatCount(measured), formatCount(hosts))}`}
      </div>
    </Section>
  );
}
