import { makeStyles, tokens } from '@fluentui/react-components';
import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Sparkline } from '../../components/cpu.tsx';
import { formatBytes, formatPercent } from '../../components/format.ts';
import { Section } from '../../components/section.tsx';
import { useVmUsage } from '../../fleet/fleet-context.ts';
import { vmTexts as texts } from './vm.text.ts';

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXXL, minHeight: '5rem' },
  metric: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  name: { color: tokens.colorNeutralForeground3 },
  value: {
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontVariantNumeric: 'tabular-nums',
  },
});

/** Live CPU and memory, or why there are none. */
export function UsageSection({ vm }: { readonly vm: Vm }): ReactElement {
  const styles = useStyles();
  const usage = useVmUsage(vm.id);
  const runs = vm.startedAt !== null;
  const why = !runs ? texts.noUsage : vm.stale ? texts.usageAway(vm.hostName) : usage ? null : texts.waiting;
  return (
    <Section title={texts.sections.usage}>
      <div className={styles.row}>
        {why ?? (
          <>
            <div className={styles.metric}>
              <span className={styles.name}>{texts.cpu}</span>
              <span className={styles.value}>{formatPercent(usage?.latest.cpuPercent ?? 0)}</span>
              <Sparkline values={usage?.cpu ?? []} width={220} height={36} slots={60} />
            </div>
            <div className={styles.metric}>
              <span className={styles.name}>{texts.memory}</span>
              <span className={styles.value}>{formatBytes(usage?.latest.memoryAssigned ?? 0)}</span>
              {usage && usage.latest.memoryDemand !== null && (
                <span className={styles.name}>
                  {texts.memoryOf(
                    formatBytes(usage.latest.memoryAssigned),
                    formatBytes(usage.latest.memoryDemand),
                  )}
                </span>
              )}
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
