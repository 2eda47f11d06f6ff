import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ErrorInfo } from '@aether-v/types';
import type { ReactElement } from 'react';
import { errorTexts, unreachableText } from '../components/error.text.ts';
import { Status, type StatusView } from '../components/status.tsx';
import { ApiProblem } from '../fleet/problem.ts';
import type { FormProblems } from './field-problems.ts';
import { planTexts as texts } from './plan.text.ts';
import type { CheckedPlan } from './use-plan.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  head: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    minHeight: '2rem',
  },
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    overflowWrap: 'anywhere',
  },
  remedy: { color: tokens.colorNeutralForeground2 },
  old: { opacity: 0.6 },
});

/** A refusal in words: the problem and its remedy. */
function Refusal({ code, message, remedy }: ErrorInfo): ReactElement {
  const styles = useStyles();
  return (
    <>
      <div>{message}</div>
      <div className={styles.remedy}>{remedy ?? errorTexts[code].todo}</div>
    </>
  );
}

/** A dry run needs an operation that older agents lack; the change itself may be possible. */
function isUncheckable(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'not-supported';
}

function summary(
  { plan, error, isChecking }: CheckedPlan<unknown>,
  { fields, others }: FormProblems,
): StatusView {
  if (isChecking) return { icon: 'waiting', word: texts.checking, tone: 'busy' };
  const count = fields.size + others.length;
  if (count > 0) return { icon: 'error', word: texts.blocked(count), tone: 'bad' };
  if (isUncheckable(error)) return { icon: 'unknown', word: texts.unchecked, tone: 'quiet' };
  if (error instanceof ApiProblem) return { icon: 'error', word: errorTexts[error.code].what, tone: 'bad' };
  if (error !== null) return { icon: 'unreachable', word: unreachableText.what, tone: 'warning' };
  return plan !== null
    ? { icon: 'ok', word: texts.ok, tone: 'good' }
    : { icon: 'off', word: '', tone: 'quiet' };
}

function explanation(error: unknown): string | null {
  if (isUncheckable(error)) return texts.uncheckedBody;
  if (error instanceof ApiProblem && error.fields.length + error.refusals.length === 0)
    return `${error.message} ${errorTexts[error.code].todo}`;
  return null;
}

/** Shows whether a change would succeed, and all problems that are not shown at a field. */
export function PlanPanel({
  checked,
  problems,
}: {
  readonly checked: CheckedPlan<unknown>;
  readonly problems: FormProblems;
}): ReactElement | null {
  const styles = useStyles();
  const { plan, error, isChecking } = checked;
  if (plan === null && error === null && !isChecking) return null;
  const isBlocked = problems.fields.size + problems.others.length > 0 || error !== null;
  const more = explanation(error);
  return (
    <div className={styles.root}>
      <div className={styles.head}>
        <span role="status">
          <Status view={summary(checked, problems)} wraps />
        </span>
        {isBlocked && !isChecking && !isUncheckable(error) && (
          <Button appearance="subtle" onClick={checked.again}>
            {texts.again}
          </Button>
        )}
      </div>
      {more !== null && <div className={styles.remedy}>{more}</div>}
      {problems.others.length > 0 && (
        <ul className={mergeClasses(styles.list, isChecking && styles.old)}>
          {problems.others.map((refusal, n) => (
            <li key={`${n} ${refusal.code}`}>
              <Refusal {...refusal} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
