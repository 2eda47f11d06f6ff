import { useMemo, type ReactElement } from 'react';
import { Column, Columns } from '../../components/columns.tsx';
import { Message } from '../../components/message.tsx';
import { Page } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { Stack } from '../../components/stack.tsx';
import { Status } from '../../components/status.tsx';
import { useNow } from '../../components/use-now.ts';
import { useRows } from '../../fleet/fleet-context.ts';
import { useGathering } from '../../fleet/use-gathering.ts';
import { AttentionList } from './attention-list.tsx';
import { needsAttention } from './attention.ts';
import { BusiestSection } from './busiest-section.tsx';
import { CapacitySection } from './capacity-section.tsx';
import { ChangedSection } from './changed-section.tsx';
import { overviewTexts as texts } from './overview.text.ts';
import { ReadingHosts } from './reading-hosts.tsx';
import { useConflictingVms } from './use-conflicting-vms.ts';
import { useCriticalVms } from './use-critical-vms.ts';
import { VmTotals } from './vm-totals.tsx';

/** The overview of the fleet: items that need attention, then totals, capacity, the busiest VMs and recent changes. */
export function OverviewPage(): ReactElement {
  const hosts = useRows('host');
  const clusters = useRows('cluster');
  const jobs = useRows('job');
  const now = useNow();
  const gathering = useGathering();
  const critical = useCriticalVms();
  const conflicting = useConflictingVms();
  const items = useMemo(
    () => needsAttention(hosts, clusters, jobs, now, critical ?? [], conflicting ?? []),
    [hosts, clusters, jobs, now, critical, conflicting],
  );
  if (hosts.length === 0)
    return (
      <Page title={texts.title}>
        <Message title={texts.empty}>{texts.emptyBody}</Message>
      </Page>
    );
  // While something has not been read yet, no one knows that all is well.
  const isKnown = !gathering && critical !== null && conflicting !== null;
  return (
    <Page title={texts.title} beside={<ReadingHosts />}>
      <Stack>
        <Section title={texts.attention}>
          {items.length > 0 ? <AttentionList items={items} /> : !isKnown && texts.notRead}
          {items.length === 0 && isKnown && (
            <Status view={{ icon: 'ok', tone: 'good', word: texts.allWell }} wraps />
          )}
        </Section>
      </Stack>
      <Columns>
        <Column>
          <VmTotals critical={critical ?? []} />
          <BusiestSection />
        </Column>
        <Column>
          <CapacitySection />
          <ChangedSection />
        </Column>
      </Columns>
    </Page>
  );
}
