import { timestamp, type JournalEntry } from '@aether-v/types';
import type { FleetStore } from '../inventory/fleet-store.ts';
import { serviceTime } from '../inventory/service-time.ts';

/** When the journal of a host says that an operation began and ended. */
export type JournalTimes = Pick<JournalEntry, 'startedAt' | 'finishedAt'>;

/**
 * Returns a moment that a host tells of a job by the service's clock. Moments in the future become now.
 *
 * @param now Milliseconds since 1970.
 */
export function toldMoment(store: FleetStore, hostId: string, moment: string, now: number): string {
  const corrected = serviceTime(moment, store.get('host', hostId)?.clockOffsetMs ?? 0);
  return Date.parse(corrected) > now ? timestamp(now) : corrected;
}

/** Returns the times of a journal by the service's clock. */
export function toldTimes(store: FleetStore, hostId: string, times: JournalTimes, now: number): JournalTimes {
  const { startedAt, finishedAt } = times;
  return {
    startedAt: toldMoment(store, hostId, startedAt, now),
    finishedAt: finishedAt === null ? null : toldMoment(store, hostId, finishedAt, now),
  };
}
