import {
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  tokens,
  useAnnounce,
} from '@fluentui/react-components';
import { useEffect, useRef, type ReactElement } from 'react';
import { formatTime } from '../components/format.ts';
import { useStreamStatus } from '../fleet/fleet-context.ts';
import { shellTexts } from './shell.text.ts';

const useStyles = makeStyles({
  // Floats above the dock, so that content does not move when the connection is lost.
  root: {
    position: 'fixed',
    bottom: '3.25rem',
    left: '50%',
    zIndex: 2,
    width: 'max-content',
    maxWidth: 'calc(100vw - 2rem)',
    transform: 'translateX(-50%)',
    borderRadius: tokens.borderRadiusMedium,
    boxShadow: tokens.shadow16,
  },
});

/** Shows that the service is unreachable, until the connection is restored. */
export function StreamNotice(): ReactElement | null {
  const styles = useStyles();
  const status = useStreamStatus();
  const { announce } = useAnnounce();
  const wasUnreachable = useRef(false);
  const unreachable = status.state === 'unreachable';
  useEffect(() => {
    if (unreachable) wasUnreachable.current = true;
    else if (wasUnreachable.current && status.state === 'live') {
      wasUnreachable.current = false;
      announce(shellTexts.back);
    }
  }, [unreachable, status.state, announce]);
  if (!unreachable) return null;
  return (
    <MessageBar className={styles.root} layout="multiline" intent="warning" politeness="polite">
      <MessageBarBody>
        <MessageBarTitle>{shellTexts.unreachable(formatTime(status.since))}</MessageBarTitle>{' '}
        {shellTexts.unreachableBody}
      </MessageBarBody>
    </MessageBar>
  );
}
