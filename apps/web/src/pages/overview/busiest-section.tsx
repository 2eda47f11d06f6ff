import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore, type ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { CpuCell } from '../../components/cpu.tsx';
import { Section } from '../../components/section.tsx';
import { useFleet, useInterest, useRow, useStreamStatus, useVmUsage } from '../../fleet/fleet-context.ts';
import { vmPageQuery } from '../../fleet/queries.ts';
import { busiestFirst } from './busiest.ts';
import { overviewTexts as texts } from './overview.text.ts';

const useStyles = makeStyles({
  list: { display: 'grid', gap: tokens.spacingVerticalXS, margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 8rem) auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    minHeight: '1.5rem',
  },
  text: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const most = 5;
/** The VMs whose usage is followed: one of them can overtake another before the list is read again. */
const followed = 10;
/** Some of the VMs that are read may be of unreachable hosts, whose usage is not known. */
const read = 20;
const everyMs = 10_000;

function Busy({ id }: { readonly id: string }): ReactElement | null {
  const styles = useStyles();
  const vm = useRow('vm', id);
  const usage = useVmUsage(id);
  if (!vm || !usage) return null;
  return (
    <li className={styles.item}>
      <AppLink to="/vms/$vmId" params={{ vmId: id }} className={styles.text} title={vm.name}>
        {vm.name}
      </AppLink>
      <span className={`${styles.text} ${styles.quiet}`} title={vm.hostName}>
        {vm.hostName}
      </span>
      <CpuCell values={usage.cpu} />
    </li>
  );
}

/** The VMs that use most of their processors, read again every ten seconds, in the order of their latest samples. */
export function BusiestSection(): ReactElement {
  const styles = useStyles();
  const fleet = useFleet();
  const isLive = useStreamStatus().state === 'live';
  const { data } = useQuery({
    ...vmPageQuery(fleet, { states: ['Running'], sort: 'cpu', descending: true }, 0, read),
    refetchInterval: isLive ? everyMs : false,
  });
  const ids = (data?.ids ?? []).filter((id) => !fleet.row('vm', id)?.stale).slice(0, followed);
  useInterest(ids);
  const { usage } = fleet;
  // A text, so that it is equal while the order has not changed.
  const order = useSyncExternalStore(usage.subscribe, () =>
    busiestFirst(ids, (id) => usage.vm(id)?.latest.cpuPercent ?? null)
      .slice(0, most)
      .join(),
  );
  return (
    <Section title={texts.busiest}>
      {data && ids.length === 0 ? (
        texts.noneRunning
      ) : (
        <ul className={styles.list}>
          {order.split(',').map((id) => (
            <Busy key={id} id={id} />
          ))}
        </ul>
      )}
    </Section>
  );
}
