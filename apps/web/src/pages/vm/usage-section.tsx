import { makeStyles, tokens } from '@fluentui/react-components';
import type { Vm, VmUsage } from '@aether-v/types';
import { useEffect, useState, type ReactElement } from 'react';
import { Sparkline } from '../../components/cpu.tsx';
import { Dash } from '../../components/dash.tsx';
import { formatBytes, formatPercent, formatTime } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { useVmUsage } from '../../fleet/fleet-context.ts';
import { vmTexts as texts } from '../../components/vm.text.ts';

const chartHeight = 36;

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalXL,
  },
  metric: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  since: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  // As high as the chart with its border and its line of text, so that nothing moves when the chart begins.
  collecting: {
    display: 'flex',
    alignItems: 'center',
    minHeight: `calc(${chartHeight}px + ${tokens.strokeWidthThin} + ${tokens.spacingVerticalXS} + ${tokens.lineHeightBase200})`,
    color: tokens.colorNeutralForeground2,
  },
  name: { color: tokens.colorNeutralForeground3 },
  value: {
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontVariantNumeric: 'tabular-nums',
  },
});

/** The seconds between two samples. */
const everySeconds = 5;
/** The time in milliseconds after which a sample is late. */
const lateMs = 20_000;

/** The width of the chart in samples until there are more: a minute. */
const fewestSlots = 60 / everySeconds;

function demandText({ memoryDemand }: VmUsage): string {
  return memoryDemand === null ? texts.assigned : texts.demand(formatBytes(memoryDemand));
}

/**
 * Says when the chart begins, in the place of the chart: a line needs two samples. A host that is slow to send them is
 * named instead of a time that has passed.
 */
function Collecting({ vm, samples }: { readonly vm: Vm; readonly samples: 0 | 1 }): ReactElement {
  const styles = useStyles();
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), lateMs);
    return () => clearTimeout(timer);
  }, [samples]);
  return (
    <span className={styles.collecting}>
      {isLate ? texts.collectingLate(vm.hostName) : texts.collecting((2 - samples) * everySeconds)}
    </span>
  );
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
        {usage && usage.cpu.length > 1 ? (
          <>
            <Sparkline
              values={usage.cpu}
              width={220}
              height={chartHeight}
              slots={Math.max(fewestSlots, usage.cpu.length)}
              fills
            />
            <span className={styles.since}>{texts.since(formatTime(usage.since))}</span>
          </>
        ) : (
          <Collecting vm={vm} samples={usage ? 1 : 0} />
        )}
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
