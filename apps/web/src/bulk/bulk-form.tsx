import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import type { BulkAccepted, BulkPlan, BulkRequest, VmSummary } from '@aether-v/types';
import { useEffect, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import { returnFocus } from '../components/page-mount.ts';
import { shownState } from '../fleet/cache.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { jobRequests } from '../fleet/job-requests.ts';
import { useRequestKey } from '../fleet/request-key.ts';
import { formProblems } from '../vm-forms/field-problems.ts';
import { FormDialog } from '../vm-forms/form-dialog.tsx';
import { PlanPanel } from '../vm-forms/plan-panel.tsx';
import { planTexts } from '../vm-forms/plan.text.ts';
import { RefusedNotice } from '../vm-forms/refused-notice.tsx';
import { usePlanOf } from '../vm-forms/use-plan.ts';
import { useSending } from '../vm-forms/use-sending.ts';
import type { BulkAction } from './bulk-actions.ts';
import type { BulkFormCommand } from './offered-bulk-commands.ts';
import { bulkFormTexts as texts } from './bulk-form.text.ts';
import { BulkPlanLists } from './bulk-plan-lists.tsx';
import { plannedVms, type PlannedVm } from './bulk-plan.ts';
import { bulkTexts } from './bulk.text.ts';

const useStyles = makeStyles({
  old: { opacity: 0.6 },
  lists: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

type Options = Omit<BulkRequest, 'command' | 'vms'>;

/** A dialog for a command with options, which is open. */
export interface OpenBulkForm {
  readonly action: BulkAction & { readonly command: BulkFormCommand };
  /** The element that gets the focus afterwards. */
  readonly from: HTMLElement | null;
  readonly onClose: () => void;
  /** Called after the dialog was closed. */
  readonly onAccepted: (accepted: BulkAccepted, count: number) => void;
}

const planBulk = (body: BulkRequest, signal: AbortSignal): Promise<BulkPlan> =>
  jobRequests.planBulk(body, signal);

interface Props extends OpenBulkForm {
  /** The options that the dry run needs. */
  readonly options: Options;
  /** Further options that are sent, but have no effect on the dry run. */
  readonly more?: Options;
  /** The id of the element that has the focus at the beginning. */
  readonly startsAt: string;
  readonly isDangerous?: boolean;
  /** Returns the label of the button, which names the result. */
  readonly submit: (count: number) => string;
  /** Returns the reason why the button is disabled although the command is possible. */
  readonly incomplete?: (possible: readonly PlannedVm[]) => string | undefined;
  readonly children: (possible: readonly PlannedVm[]) => ReactNode;
}

/** Returns the states of the VMs as a text: when it changes, the dry run is repeated. */
function useStates(vms: readonly VmSummary[]): string {
  const fleet = useFleet();
  return useSyncExternalStore(fleet.subscribe, () =>
    vms
      .map(({ id }) => fleet.row('vm', id))
      .map((vm) => (vm === null ? '' : `${shownState(fleet.cache, vm)} ${vm.moving}`))
      .join(),
  );
}

/** A dialog for a command with options, which lists the change of each VM by a dry run, and the VMs that are left out. */
export function BulkForm(props: Props): ReactElement {
  const { action, from, options, startsAt, onClose, children } = props;
  const { command, vms, leftOut } = action;
  const styles = useStyles();
  const targets = vms.map(({ id, name }) => ({ vmId: id, name }));
  const request: BulkRequest = { command, vms: targets, ...options };
  const checked = usePlanOf(planBulk, request, useStates(vms));
  const planned = plannedVms(vms, checked.plan);
  const { possible } = planned;
  const { send, isSending, refused } = useSending();
  const keyOf = useRequestKey();
  useEffect(() => {
    document.getElementById(startsAt)?.focus();
    // The bar goes with the last VM of the selection, as after a deletion.
    return () => returnFocus(from);
  }, [startsAt, from]);
  const isPlanned = checked.plan !== null && !checked.isChecking;
  const none = isPlanned && possible.length === 0 ? texts.noneLeft : undefined;
  const reason = none ?? (isPlanned ? props.incomplete?.(possible) : undefined);
  const canSubmit = isPlanned && reason === undefined && !isSending;
  const submit = async (): Promise<void> => {
    if (!canSubmit) return;
    const ids = new Set(possible.map(({ vm }) => vm.id));
    const body = { ...request, ...props.more, vms: targets.filter(({ vmId }) => ids.has(vmId)) };
    const accepted: BulkAccepted[] = [];
    const job = await send(async () => {
      const answer = await jobRequests.bulk(body, keyOf(body));
      accepted.push(answer);
      return answer.job;
    });
    if (!job) return;
    onClose();
    for (const answer of accepted) props.onAccepted(answer, body.vms.length);
  };
  return (
    <FormDialog
      title={bulkTexts.formTitle(command, vms.length)}
      isAlert={props.isDangerous === true}
      isDangerous={props.isDangerous}
      submit={isSending ? planTexts.sending : props.submit(isPlanned ? possible.length : vms.length)}
      canSubmit={canSubmit}
      reason={reason}
      onSubmit={submit}
      onClose={onClose}
    >
      {checked.plan && (
        <div className={mergeClasses(styles.lists, checked.isChecking && styles.old)}>
          <BulkPlanLists title={texts.possible[command]} planned={planned} />
        </div>
      )}
      {leftOut.length > 0 && <Text>{bulkTexts.leftOut(leftOut)}</Text>}
      {children(possible)}
      {(!isPlanned || checked.plan.ok) && (
        <PlanPanel checked={checked} problems={formProblems({ plan: null, error: checked.error })} />
      )}
      <RefusedNotice refused={refused} />
    </FormDialog>
  );
}
