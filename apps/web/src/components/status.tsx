import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowSync16Regular } from '@fluentui/react-icons/svg/arrow-sync';
import { Circle16Regular } from '@fluentui/react-icons/svg/circle';
import { CheckmarkCircle16Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { Clock16Regular } from '@fluentui/react-icons/svg/clock';
import { ErrorCircle16Filled } from '@fluentui/react-icons/svg/error-circle';
import { Pause16Filled } from '@fluentui/react-icons/svg/pause';
import { PlayCircle16Filled } from '@fluentui/react-icons/svg/play-circle';
import { PlugDisconnected16Regular } from '@fluentui/react-icons/svg/plug-disconnected';
import { QuestionCircle16Regular } from '@fluentui/react-icons/svg/question-circle';
import { Save16Regular } from '@fluentui/react-icons/svg/save';
import { SubtractCircle16Regular } from '@fluentui/react-icons/svg/subtract-circle';
import { Warning16Filled } from '@fluentui/react-icons/svg/warning';
import type { ComponentType, ReactElement } from 'react';

type StatusIcon =
  | 'running'
  | 'off'
  | 'paused'
  | 'saved'
  | 'moving'
  | 'ok'
  | 'warning'
  | 'error'
  | 'unreachable'
  | 'waiting'
  | 'cancelled'
  | 'unknown';
type Icon = ComponentType<{ readonly className?: string; readonly 'aria-hidden'?: boolean }>;

const icons: Record<StatusIcon, Icon> = {
  running: PlayCircle16Filled,
  off: Circle16Regular,
  paused: Pause16Filled,
  saved: Save16Regular,
  moving: ArrowSync16Regular,
  ok: CheckmarkCircle16Filled,
  warning: Warning16Filled,
  error: ErrorCircle16Filled,
  unreachable: PlugDisconnected16Regular,
  waiting: Clock16Regular,
  cancelled: SubtractCircle16Regular,
  unknown: QuestionCircle16Regular,
};

type Tone = 'good' | 'quiet' | 'busy' | 'warning' | 'bad';

/** The presentation of a state: never by color alone. */
export interface StatusView {
  readonly icon: StatusIcon;
  readonly word: string;
  readonly tone: Tone;
}

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    minWidth: 0,
    maxWidth: '100%',
    verticalAlign: 'middle',
    whiteSpace: 'nowrap',
  },
  word: { overflow: 'hidden', textOverflow: 'ellipsis' },
  wraps: { alignItems: 'flex-start', whiteSpace: 'normal', '& > svg': { marginTop: '2px' } },
  icon: { flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
  busy: { color: tokens.colorBrandForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
});

/** A state as icon, word and color; `iconOnly` keeps the word for screen readers and hover. */
export function Status({
  view,
  iconOnly = false,
  wraps = false,
}: {
  readonly view: StatusView;
  readonly iconOnly?: boolean;
  /** Wraps a sentence onto the next line instead of truncating it. */
  readonly wraps?: boolean;
}): ReactElement {
  const styles = useStyles();
  const Icon = icons[view.icon];
  if (iconOnly) {
    return (
      <span
        className={mergeClasses(styles.root, styles[view.tone])}
        role="img"
        aria-label={view.word}
        title={view.word}
      >
        <Icon aria-hidden className={styles.icon} />
      </span>
    );
  }
  return (
    <span className={mergeClasses(styles.root, wraps && styles.wraps)}>
      <Icon aria-hidden className={mergeClasses(styles.icon, styles[view.tone])} />
      <span className={styles.word} title={view.word}>
        {view.word}
      </span>
    </span>
  );
}
