import type { ReactElement } from 'react';
import { formatCount } from '../../components/format.ts';
import { Status } from '../../components/status.tsx';
import { useReading } from '../../fleet/use-gathering.ts';
import { overviewTexts as texts } from './overview.text.ts';

/** The service's progress in reading hosts after a start; renders nothing once all are read. */
export function ReadingHosts(): ReactElement | null {
  const { read, all } = useReading();
  if (read === all) return null;
  return (
    <Status
      view={{ icon: 'moving', tone: 'busy', word: texts.reading(formatCount(read), formatCount(all)) }}
    />
  );
}
