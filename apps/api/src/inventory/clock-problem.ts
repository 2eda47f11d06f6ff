import { clockProblemPart, type FactProblem } from '@aether-v/types';

const minute = 60_000;

/** The offset from which a host gets a warning, in milliseconds: well below Kerberos's limit. */
const warnFrom = 2 * minute;

/** Returns the problem of a host whose clock is too far off. */
export function clockProblems(offsetMs: number | null): readonly FactProblem[] {
  const distance = Math.abs(offsetMs ?? 0);
  if (offsetMs === null || distance < warnFrom) return [];
  const minutes = Math.floor(distance / minute);
  const message =
    `The host’s clock is ${String(minutes)} minutes ${offsetMs > 0 ? 'ahead of' : 'behind'} the service’s clock. ` +
    'Times from the host are shown corrected. Kerberos rejects clocks that differ by five minutes or more. ' +
    'Check the time synchronization of the host (w32tm /query /status) and of the machine that runs the service.';
  return [{ part: clockProblemPart, message }];
}
