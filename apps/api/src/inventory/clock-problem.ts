import { clockProblemPart, type FactProblem } from '@aether-v/types';

const minute = 60_000;

/** From which offset on a host is warned about, in milliseconds: well before Kerberos refuses it. */
const warnFrom = 2 * minute;

/** The problem of a host whose clock is so far off that it matters. */
export function clockProblems(offsetMs: number | null): readonly FactProblem[] {
  const distance = Math.abs(offsetMs ?? 0);
  if (offsetMs === null || distance < warnFrom) return [];
  const minutes = Math.floor(distance / minute);
  const message =
    `The clock of this host is ${String(minutes)} minutes ${offsetMs > 0 ? 'ahead of' : 'behind'} the clock of the service. ` +
    'Times that it reports are shown corrected. Kerberos refuses clocks that are five minutes apart. ' +
    'Check the time synchronisation of the host (w32tm /query /status) and of the machine that runs the service.';
  return [{ part: clockProblemPart, message }];
}
