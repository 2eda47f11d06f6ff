import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  tokens,
} from '@fluentui/react-components';
import { useSearch } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { Page } from '../../components/page.tsx';
import { Section } from '../../components/section.tsx';
import { useRows, useStreamStatus } from '../../fleet/fleet-context.ts';
import { useWhyNot } from '../../session/session-context.ts';
import { formProblems } from '../../vm-forms/field-problems.ts';
import { planTexts } from '../../vm-forms/plan.text.ts';
import { RefusedNotice } from '../../vm-forms/refused-notice.tsx';
import { usePlanOf } from '../../vm-forms/use-plan.ts';
import { ConnectedSection } from './connected-section.tsx';
import { planCreation } from './create-api.ts';
import { readCreate, type Place } from './create-input.ts';
import { createTexts as texts } from './create.text.ts';
import { CreationPlan } from './creation-plan.tsx';
import { useCreate } from './use-create.ts';
import { useDraft } from './use-draft.ts';
import { useFleetResources } from './use-fleet-resources.ts';
import { WhatSection } from './what-section.tsx';
import { WhereSection } from './where-section.tsx';

const useStyles = makeStyles({
  // Three columns for input, one for the plan; on smaller screens fewer columns, the plan at the side as long as it fits.
  root: {
    display: 'grid',
    alignItems: 'start',
    gap: tokens.spacingHorizontalL,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalXL}`,
    gridTemplateColumns: 'minmax(0, 1fr)',
    gridTemplateAreas: '"what" "where" "connected" "plan"',
    '@media (min-width: 900px) and (max-width: 1199px)': {
      gridTemplateColumns: 'minmax(0, 1fr) 17rem',
      gridTemplateAreas: '"what plan" "where plan" "connected plan"',
    },
    '@media (min-width: 1200px) and (max-width: 1599px)': {
      gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr) 18rem',
      gridTemplateRows: 'auto 1fr',
      gridTemplateAreas: '"what where plan" "what connected plan"',
    },
    '@media (min-width: 1600px)': {
      gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1fr) 22rem',
      gridTemplateRows: 'auto',
      gridTemplateAreas: '"what where connected plan"',
    },
  },
  what: { gridArea: 'what', minWidth: 0 },
  where: { gridArea: 'where', minWidth: 0 },
  connected: { gridArea: 'connected', minWidth: 0 },
  plan: { gridArea: 'plan', minWidth: 0, position: 'sticky', top: 0 },
  submit: { alignSelf: 'stretch', maxWidth: 'none', overflowWrap: 'anywhere' },
});

/** Returns the problem at a field or below it. */
function problemIn(fields: ReadonlyMap<string, string>, field: string): string | undefined {
  return [...fields].find(
    ([path]) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
  )?.[1];
}

/** Refusals about one field; the others are shown in the plan. */
const fieldOfCode: Readonly<Partial<Record<string, string>>> = {
  conflict: 'name',
  'out-of-space': 'storageClass',
};

/** Creates a VM: content, placement and connections in columns, with the plan and its problems at the side. */
export function CreatePage(): ReactElement {
  const styles = useStyles();
  const { host, cluster } = useSearch({ from: '/create' });
  const place = useMemo((): Place => {
    if (host !== undefined) return { kind: 'host', id: host };
    return cluster === undefined ? { kind: 'any' } : { kind: 'cluster', id: cluster };
  }, [host, cluster]);
  const hosts = useRows('host');
  const clusters = useRows('cluster');
  const { input, set, isRestored, keyOf, discard } = useDraft(place);
  const resources = useFleetResources(input.place, hosts, clusters);
  const read = readCreate(input);
  const checked = usePlanOf(planCreation, read.request, useStreamStatus().state);
  const problems = formProblems(checked, ({ code }) => fieldOfCode[code] ?? null);
  const { create, isSending, refused } = useCreate();
  const refusal = checked.isChecking ? undefined : checked.plan?.refusals[0]?.message;
  const reason =
    useWhyNot()('create') ?? read.missing ?? [...read.problems.values()][0] ?? refusal ?? undefined;
  const submit = async (): Promise<void> => {
    if (!read.request || reason !== undefined || isSending) return;
    if (await create(read.request, keyOf(read.request))) discard();
  };
  const section = {
    input,
    set,
    resources,
    problemAt: (field: string) => read.problems.get(field) ?? problemIn(problems.fields, field),
  };
  return (
    <Page title={texts.title}>
      <form
        noValidate
        className={styles.root}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={styles.what}>
          <Section title={texts.what}>
            <WhatSection {...section} />
          </Section>
        </div>
        <div className={styles.where}>
          <Section title={texts.where}>
            <WhereSection {...section} hosts={hosts} clusters={clusters} />
          </Section>
        </div>
        <div className={styles.connected}>
          <Section title={texts.connected}>
            <ConnectedSection {...section} />
          </Section>
        </div>
        <div className={styles.plan}>
          <Section title={texts.plan}>
            {isRestored && (
              <MessageBar layout="multiline">
                <MessageBarBody>{texts.restored}</MessageBarBody>
                <MessageBarActions>
                  <Button onClick={discard}>{texts.discard}</Button>
                </MessageBarActions>
              </MessageBar>
            )}
            <CreationPlan read={read} checked={checked} problems={problems} />
            <RefusedNotice refused={refused} />
            <Button
              type="submit"
              appearance="primary"
              className={styles.submit}
              disabledFocusable={reason !== undefined || isSending}
              title={reason}
              aria-description={reason}
            >
              {isSending ? planTexts.sending : texts.submit(input.name.trim())}
            </Button>
          </Section>
        </div>
      </form>
    </Page>
  );
}
