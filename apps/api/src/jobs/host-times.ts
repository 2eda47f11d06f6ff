import { timestamp, type JournalEntry } from '@aether-v/types';
import type { FleetStore } from '../inventory/fleet-store.ts';
import { serviceTime } from '../inventory/service-time.ts';

/** The start and end of an operation according to its host's journal. */
export type JournalTimes = Pick<JournalEntry, 'startedAt' | 'finishedAt'>;

/**
 * Converts a host's time in a job to the service's clock. Times in the future become now.
 *
 * @param now Milliseconds since 1970.
 */
export function toldMoment(store: FleetStore, hostId: string, moment: string, now: number): string {
  const corrected = serviceTime(moment, store.get('host', hostId)?.clockOffsetMs ?? 0);
  return Date.parse(corrected) > now ? timestamp(now) : corrected;
}

/** Converts the times of a journal to the service's clock. */
export function toldTimes(store: FleetStore, hostId: string, times: JournalTimes, now: number): JournalTimes {
  const { startedAt, finishedAt } = times;
  return {
    startedAt: toldMoment(store, hostId, startedAt, now),
    finishedAt: finishedAt === null ? null : toldMoment(store, hostId, finishedAt, now),
  };
}
