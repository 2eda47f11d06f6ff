import type { ReactElement } from 'react';
import { formatAgo, formatDateTime, formatDuration } from './format.ts';
import { useNow } from './use-now.ts';

/** A moment as the time since then; the exact time is shown on hover. */
export function Ago({ moment }: { readonly moment: string | number }): ReactElement {
  const now = useNow();
  const iso = new Date(moment).toISOString();
  return (
    <time dateTime={iso} title={formatDateTime(moment)}>
      {formatAgo(moment, Math.max(now, new Date(moment).getTime()))}
    </time>
  );
}

/** The duration since a moment; the exact moment is shown on hover. */
export function Since({ moment }: { readonly moment: string }): ReactElement {
  const now = useNow();
  return (
    <time dateTime={moment} title={formatDateTime(moment)}>
      {formatDuration(now - new Date(moment).getTime())}
    </time>
  );
}
