import { MessageBar, MessageBarBody, MessageBarTitle, useAnnounce } from '@fluentui/react-components';
import { useEffect, useRef, type ReactElement } from 'react';
import { formatTime } from '../components/format.ts';
import { useStreamStatus } from '../fleet/fleet-context.ts';
import { shellTexts } from './shell.text.ts';

/** Says plainly that the service is away, from when it is until it is back. */
export function StreamNotice(): ReactElement | null {
  const status = useStreamStatus();
  const { announce } = useAnnounce();
  const wasAway = useRef(false);
  const away = status.state === 'away';
  useEffect(() => {
    if (away) wasAway.current = true;
    else if (wasAway.current && status.state === 'live') {
      wasAway.current = false;
      announce(shellTexts.back);
    }
  }, [away, status.state, announce]);
  if (!away) return null;
  return (
    <MessageBar intent="warning" politeness="polite">
      <MessageBarBody>
        <MessageBarTitle>{shellTexts.away(formatTime(status.since))}</MessageBarTitle> {shellTexts.awayBody}
      </MessageBarBody>
    </MessageBar>
  );
}
