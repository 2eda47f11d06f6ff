import { makeStyles, tokens } from '@fluentui/react-components';
import type { FactProblem } from '@aether-v/types';
import type { ReactElement } from 'react';
import { problemListTexts as texts } from './problem-list.text.ts';

/**
 * A host has connection problems in addition to those of its facts; the list is limited to the maximum of one of
 * them.
 */
const mostLines = 32;

const useStyles = makeStyles({
  root: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground2,
  },
  summary: {
    cursor: 'pointer',
    borderRadius: tokens.borderRadiusMedium,
    ':focus-visible': { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
  list: {
    maxHeight: '16rem',
    overflowY: 'auto',
    margin: `${tokens.spacingVerticalS} 0 0`,
    paddingInlineStart: tokens.spacingHorizontalXL,
    overflowWrap: 'anywhere',
  },
  part: { fontWeight: tokens.fontWeightSemibold },
});

/** The parts that the host could not report, with reasons; collapsed until opened. */
export function ProblemList({
  problems,
}: {
  readonly problems: readonly FactProblem[];
}): ReactElement | null {
  const styles = useStyles();
  if (problems.length === 0) return null;
  const isLong = problems.length > mostLines;
  const shown = isLong ? problems.slice(0, mostLines - 1) : problems;
  return (
    <details className={styles.root}>
      <summary className={styles.summary}>{texts.summary(problems.length)}</summary>
      {/* It scrolls, so it must be reachable by keyboard. */}
      <ul className={styles.list} tabIndex={0} aria-label={texts.summary(problems.length)}>
        {shown.map(({ part, message }, at) => (
          <li key={`${at} ${part}`}>
            <span className={styles.part}>{part}</span>: {message}
          </li>
        ))}
        {isLong && <li>{texts.more(problems.length - shown.length)}</li>}
      </ul>
    </details>
  );
}
