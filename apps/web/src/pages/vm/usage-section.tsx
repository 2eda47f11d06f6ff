import { makeStyles, tokens } from '@fluentui/react-components';
import type { Vm, VmUsage } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Sparkline } from '../../components/cpu.tsx';
import { Dash } from '../../components/dash.tsx';
import { formatBytes, formatPercent, formatTime } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { useVmUsage } from '../../fleet/fleet-context.ts';
import { vmTexts as texts } from '../../components/vm.text.ts';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalXL,
  },
  metric: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  since: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  name: { color: tokens.colorNeutralForeground3 },
  value: {
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontVariantNumeric: 'tabular-nums',
  },
});

/** The width of the chart in samples until there are more: a minute. */
const fewestSlots = 30;

function demandText({ memoryDemand }: VmUsage): string {
  return memoryDemand === null ? texts.assigned : texts.demand(formatBytes(memoryDemand));
}

/** The usage figures; their space is reserved before the first sample arrives. */
function Figures({ vm }: { readonly vm: Vm }): ReactElement {
  const styles = useStyles();
  const usage = useVmUsage(vm.id);
  const unknown = <Dash reason={texts.waiting} />;
  return (
    <div className={styles.row} aria-busy={!usage}>
      <div className={styles.metric}>
        <span className={styles.name}>{texts.cpu}</span>
        <span className={styles.value}>{usage ? formatPercent(usage.latest.cpuPercent) : unknown}</span>
        <Sparkline
          values={usage?.cpu ?? []}
          width={220}
          height={36}
          slots={Math.max(fewestSlots, usage?.cpu.length ?? 0)}
          fills
        />
        {usage && <span className={styles.since}>{texts.since(formatTime(usage.since))}</span>}
      </div>
      <div className={styles.metric}>
        <span className={styles.name}>{texts.memory}</span>
        <span className={styles.value}>{usage ? formatBytes(usage.latest.memoryAssigned) : unknown}</span>
        <span className={styles.name}>{usage ? demandText(usage.latest) : texts.assigned}</span>
      </div>
    </div>
  );
}

/** Live CPU and memory usage, or the reason why there is none. */
export function UsageSection({ vm }: { readonly vm: Vm }): ReactElement {
  const why = vm.startedAt === null ? texts.noUsage : vm.stale ? texts.usageUnreachable(vm.hostName) : null;
  return <Section title={texts.sections.usage}>{why ?? <Figures vm={vm} />}</Section>;
}
