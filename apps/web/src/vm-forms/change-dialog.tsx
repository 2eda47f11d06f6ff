import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import type { Job, Plan, Vm } from '@aether-v/types';
import { useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { reasonAgainst } from '../actions/vm-action.ts';
import { returnFocus } from '../components/page-mount.ts';
import type { ApiProblem } from '../fleet/problem.ts';
import { useRequestKey } from '../fleet/request-key.ts';
import { useShownState } from '../fleet/fleet-context.ts';
import { useWhyNot } from '../session/session-context.ts';
import { sendChange, type ChangeName, type VmChange } from './changes.ts';
import { formProblems, type FieldOf, type FormProblems } from './field-problems.ts';
import { FormDialog } from './form-dialog.tsx';
import { PlanPanel } from './plan-panel.tsx';
import { planTexts as texts } from './plan.text.ts';
import { RefusedNotice } from './refused-notice.tsx';
import { usePlan, type CheckedPlan } from './use-plan.ts';
import { useFollowChange, useSending } from './use-sending.ts';

/** The parts of a form that depend on its plan. */
export interface FormState {
  readonly problems: FormProblems;
  readonly checked: CheckedPlan;
}

interface Props {
  readonly title: string;
  readonly vm: Vm;
  readonly command: ChangeName;
  /** The change as typed so far; null while it is incomplete. */
  readonly change: VmChange | null;
  /** The label of the button, which names the result. */
  readonly submit: string | ((plan: Plan | null) => string);
  readonly isDangerous?: boolean;
  /** The id of the element that has the focus at the beginning; default: the first control, or Cancel. */
  readonly startsAt?: string;
  /** True if Cancel has the focus at the beginning; default: if the change is dangerous. */
  readonly startsWithCancel?: boolean;
  /** A decision that the form still needs, in words. */
  readonly missing?: string | undefined;
  /** The reason why the button is disabled although the plan is good; its field says so as well. */
  readonly incomplete?: string | undefined;
  /** True if the command is accepted in states that its row of the table excludes. */
  readonly inAnyState?: boolean;
  readonly fieldOf?: FieldOf;
  readonly children: (form: FormState) => ReactNode;
  readonly onClose: () => void;
  readonly className?: string;
  /** Called when the service has refused the change. */
  readonly onRefused?: (problem: ApiProblem) => void;
  /** The change that is sent in place of `change`, which follows in `onAccepted`. */
  readonly first?: VmChange;
  /** Called when the first job was accepted, after the dialog was closed. */
  readonly onAccepted?: (job: Job) => void;
}

/** Gives the focus back to the element that has it now; to the page if that element is gone. */
function useReturnFocus(): void {
  const from = useRef(document.activeElement);
  useEffect(() => {
    const opener = from.current;
    return () => returnFocus(opener);
  }, []);
}

/**
 * A dialog for one change of a VM: its fields, its plan, and a button that names the result. It stays open with
 * everything that was typed until the service has accepted the change. Enter in a field submits it.
 */
export function ChangeDialog(props: Props): ReactElement {
  const { title, vm, command, change, submit, children, onClose } = props;
  const whyNot = useWhyNot();
  const shown = useShownState(vm);
  const checked = usePlan(change, `${shown} ${vm.moving}`);
  const problems = formProblems(checked, props.fieldOf);
  const { isSending, refused, send } = useSending(props.onRefused);
  const keyOf = useRequestKey();
  const follow = useFollowChange();
  useReturnFocus();
  const cancel = useId();
  const [isGuarded] = useState(props.startsWithCancel ?? props.isDangerous === true);
  const startsAt = props.startsAt ?? (isGuarded ? cancel : null);
  useEffect(() => {
    // The dialog focuses its first control; a second Enter by accident must not lose data.
    if (startsAt !== null) document.getElementById(startsAt)?.focus();
  }, [startsAt]);
  const blocked = reasonAgainst(command, vm, shown, whyNot, props.inAnyState);
  const first = checked.isChecking ? undefined : (checked.plan?.refusals[0]?.message ?? undefined);
  const reason = blocked ?? props.missing ?? first ?? props.incomplete;
  const label = typeof submit === 'string' ? submit : submit(checked.plan);
  // The plan must be visible before the loss is confirmed.
  const isShown = props.isDangerous !== true || !checked.isChecking;
  const canSubmit = change !== null && reason === undefined && isShown && !isSending;
  const submitNow = async (): Promise<void> => {
    if (!canSubmit) return;
    const sent = props.first ?? change;
    const job = await send(() => sendChange(sent, keyOf(sent)));
    if (!job) return;
    onClose();
    if (props.onAccepted) props.onAccepted(job);
    else await follow(job);
  };
  return (
    <FormDialog
      title={title}
      isAlert={isGuarded}
      isDangerous={props.isDangerous}
      submit={isSending ? texts.sending : label}
      canSubmit={canSubmit}
      reason={reason}
      cancelId={cancel}
      className={props.className}
      onSubmit={submitNow}
      onClose={onClose}
    >
      {children({ problems, checked })}
      {(blocked ?? props.missing) !== undefined && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{blocked ?? props.missing}</MessageBarBody>
        </MessageBar>
      )}
      <PlanPanel checked={checked} problems={problems} />
      <RefusedNotice refused={refused} />
    </FormDialog>
  );
}
