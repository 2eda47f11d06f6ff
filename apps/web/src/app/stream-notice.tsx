import type { ReactElement } from 'react';
import { BottomNotice } from '../components/bottom-notice.tsx';
import { formatTime } from '../components/format.ts';
import { useAnnounceReturn } from '../components/use-announce-return.ts';
import { useStreamStatus } from '../fleet/fleet-context.ts';
import { shellTexts } from './shell.text.ts';

/** Shows that the service is unreachable, until the connection is restored. */
export function StreamNotice(): ReactElement | null {
  const status = useStreamStatus();
  useAnnounceReturn(status.state === 'unreachable', status.state === 'live', shellTexts.back);
  if (status.state !== 'unreachable') return null;
  return (
    <BottomNotice
      title={shellTexts.unreachable(formatTime(status.since))}
      body={shellTexts.unreachableBody}
    />
  );
}
