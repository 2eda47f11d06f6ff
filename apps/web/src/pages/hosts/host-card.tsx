import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { HostCapacity } from './host-capacity.ts';
import { HostFullest, HostName, HostState } from './host-cells.tsx';
import { hostsTexts as texts } from './hosts.text.ts';

/** The height of a card in pixels. */
export const hostCardHeight = 72;

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    alignItems: 'center',
  },
  end: { justifySelf: 'end' },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** One host on a phone. */
export function HostCard({ row }: { readonly row: HostCapacity }): ReactElement {
  const styles = useStyles();
  return (
    <span className={styles.root}>
      <HostName row={row} />
      <span className={styles.end}>
        <HostState row={row} />
      </span>
      <span className={styles.quiet}>
        {row.host.clusterName ?? texts.standalone}
        {row.host.facts && `, ${texts.columns.vms}: ${row.host.vmCount}`}
      </span>
      <span className={styles.end}>
        <HostFullest row={row} />
      </span>
    </span>
  );
}
