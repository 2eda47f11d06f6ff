import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { VmSummary } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { useVmActions } from '../../actions/action-context.ts';
import { actionTexts, vmOnHost } from '../../actions/actions.text.ts';
import { vmActionState } from '../../actions/vm-action.ts';
import { Status } from '../../components/status.tsx';
import { useShownState } from '../../fleet/fleet-context.ts';
import { useWhyNot } from '../../session/session-context.ts';
import { attentionView } from './attention-views.tsx';
import type { Attention } from './attention.ts';
import { overviewTexts as texts } from './overview.text.ts';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    minHeight: '2rem',
    padding: `${tokens.spacingVerticalXS} 0`,
    '@media (max-width: 767px)': { padding: `${tokens.spacingVerticalS} 0` },
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}`,
    ':first-child': { borderTopStyle: 'none' },
  },
  words: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    '@media (min-width: 768px)': { gridTemplateColumns: '9rem minmax(0, 12rem) minmax(0, 1fr)' },
    '@media (min-width: 1200px)': {
      gridTemplateColumns: '9rem minmax(0, 13rem) minmax(0, 13rem) minmax(0, 1fr)',
    },
  },
  // Below object and place while there is no room for a column.
  detail: {
    '@media (min-width: 768px)': { gridColumn: '2 / -1' },
    '@media (min-width: 1200px)': { gridColumn: 'auto' },
  },
  actions: { display: 'flex', flexWrap: 'wrap', justifyContent: 'flex-end', gap: tokens.spacingHorizontalS },
  object: { overflowWrap: 'anywhere', fontWeight: tokens.fontWeightSemibold },
  quiet: { overflowWrap: 'anywhere', color: tokens.colorNeutralForeground2 },
});

function OpenVm({ vm }: { readonly vm: VmSummary }): ReactElement {
  const navigate = useNavigate();
  return (
    <Button
      aria-label={texts.openNamed(vmOnHost(vm))}
      onClick={() => void navigate({ to: '/vms/$vmId', params: { vmId: vm.id } })}
    >
      {texts.open}
    </Button>
  );
}

/** The only action that is possible for a critical VM. */
function TurnOff({ vm }: { readonly vm: VmSummary }): ReactElement {
  const { run } = useVmActions();
  const reason = vmActionState('vm.stop', vm, useShownState(vm), useWhyNot()).reason ?? undefined;
  return (
    <Button
      aria-label={actionTexts.label('vm.stop', vm)}
      aria-description={reason}
      title={reason}
      disabledFocusable={reason !== undefined}
      onClick={() => run('vm.stop', vm)}
    >
      {texts.turnOff}
    </Button>
  );
}

function Item({ item }: { readonly item: Attention }): ReactElement {
  const styles = useStyles();
  const { status, object, place, detail } = attentionView(item);
  return (
    <li className={styles.item}>
      <div className={styles.words}>
        <Status view={status} />
        <span className={styles.object}>{object}</span>
        <span className={styles.quiet}>{place}</span>
        <span className={mergeClasses(styles.quiet, styles.detail)}>{detail}</span>
      </div>
      {item.kind === 'vm-critical' && (
        <span className={styles.actions}>
          <OpenVm vm={item.vm} />
          <TurnOff vm={item.vm} />
        </span>
      )}
    </li>
  );
}

const mostItems = 8;

/** The items that need attention, each with a link, the most severe ones first. */
export function AttentionList({ items }: { readonly items: readonly Attention[] }): ReactElement {
  const styles = useStyles();
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? items : items.slice(0, mostItems);
  return (
    <>
      <ul className={styles.list}>
        {shown.map((item) => (
          <Item key={item.key} item={item} />
        ))}
      </ul>
      {shown.length < items.length && (
        <div>
          <Button onClick={() => setShowsAll(true)}>{texts.showAll(items.length)}</Button>
        </div>
      )}
    </>
  );
}
