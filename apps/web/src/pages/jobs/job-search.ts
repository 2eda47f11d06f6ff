import {
  commandNames,
  commands,
  jobStates,
  type Host,
  type Job,
  type JobState,
  type VmSummary,
} from '@aether-v/types';
import type { JobFilter } from '../../fleet/job-filter.ts';
import { commandLabel } from '../../job-table/job-words.ts';
import type { SearchKey } from '../../search/suggestions.ts';
import { parseTerms } from '../../search/terms.ts';
import { jobsPageTexts as texts } from './jobs-page.text.ts';

/** The prefixes of a search for jobs. */
const jobSearchKeys = ['state', 'host', 'vm', 'who', 'action', 'since', 'until'] as const;
type JobSearchKey = (typeof jobSearchKeys)[number];

/** A filter that is not a job state: failed jobs and unknown outcomes that have not been acknowledged. */
const unacknowledged = 'unacknowledged';

const hour = 3_600_000;
const day = 24 * hour;
const units: Readonly<Record<string, number>> = { m: 60_000, h: hour, d: day, w: 7 * day };

/** Returns a moment in ISO 8601: `2h` ago, `today`, or a date in the browser's zone; null if it is none. */
export function momentOf(text: string, now: number): string | null {
  const [, count, unit = ''] = /^(\d{1,4})([mhdw])$/i.exec(text) ?? [];
  if (count !== undefined)
    return new Date(now - Number(count) * (units[unit.toLowerCase()] ?? 0)).toISOString();
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(text);
  if (text.toLowerCase() !== 'today' && !isDate) return null;
  const date = isDate ? new Date(text.includes('T') ? text : `${text}T00:00`) : new Date(now);
  if (!isDate) date.setHours(0, 0, 0, 0);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** A search for jobs: the filter of the service, and the words that it does not know. */
export interface JobSearch {
  /** Null if a term names nothing that exists, so that no job can match. */
  readonly filter: JobFilter | null;
  readonly words: readonly string[];
}

/** The parts of the fleet by whose names jobs are found. */
export interface JobSearchFleet {
  readonly hosts: readonly Host[];
  readonly vms: readonly VmSummary[];
  /** Ids of deleted VMs by their names in the jobs known so far. */
  readonly jobs: readonly Job[];
  readonly now: number;
}

const includes = (text: string | null, part: string): boolean =>
  text?.toLowerCase().includes(part.toLowerCase()) ?? false;

/** Parses a search for jobs. */
export function jobSearch(text: string, { hosts, vms, jobs, now }: JobSearchFleet): JobSearch {
  const terms = parseTerms(text, jobSearchKeys);
  const valuesOf = (key: JobSearchKey): string[] | null => {
    const values = terms.filter((term) => term.key === key).map(({ value }) => value);
    return values.length === 0 ? null : values;
  };
  const words = terms.filter(({ key }) => key === null).map(({ value }) => value);
  const all = (values: string[] | null, find: (value: string) => readonly string[]): string[] | null =>
    values && [...new Set(values.flatMap(find))];

  const states = valuesOf('state');
  const isOpen = states?.some((value) => unacknowledged.startsWith(value.toLowerCase())) ?? false;
  const found = {
    states: isOpen
      ? null
      : all(states, (value) => jobStates.filter((state) => state.startsWith(value.toLowerCase()))),
    hostIds: all(valuesOf('host'), (value) =>
      hosts.filter(({ name }) => includes(name, value)).map(({ id }) => id),
    ),
    vmIds: all(valuesOf('vm'), (value) => [
      ...vms.filter(({ name }) => includes(name, value)).map(({ id }) => id),
      ...jobs.flatMap(({ subject: { kind, id, name } }) =>
        kind === 'vm' && id !== null && includes(name, value) ? [id] : [],
      ),
    ]),
    actors: valuesOf('who'),
    commands: all(valuesOf('action'), (value) =>
      commandNames.filter((name) => name === value || includes(commands[name].label, value)),
    ),
  };
  const moments = (['since', 'until'] as const).map((key) =>
    valuesOf(key)
      ?.map((value) => momentOf(value, now))
      .at(-1),
  );
  const isImpossible = Object.values(found).some((values) => values?.length === 0) || moments.includes(null);
  if (isImpossible) return { filter: null, words };
  const [from, to] = moments;
  return {
    words,
    filter: {
      ...(found.states && { states: found.states as JobState[] }),
      ...(found.hostIds && { hostIds: found.hostIds }),
      ...(found.vmIds && { vmIds: found.vmIds }),
      ...(found.actors && { actors: found.actors }),
      ...(found.commands && { commands: found.commands }),
      ...(isOpen && { acknowledged: false }),
      ...(from && { from }),
      ...(to && { to }),
      topLevel: true,
    },
  };
}

/** Returns a test of whether a job has all of the words. */
export function hasWords(words: readonly string[]): (job: Job) => boolean {
  const wanted = words.map((word) => word.toLowerCase());
  return ({ title, actor, command, error }) => {
    const all = [title, actor, commandLabel(command), error?.message ?? ''].join('\n').toLowerCase();
    return wanted.every((word) => all.includes(word));
  };
}

/** Returns the prefixes of a search for jobs, with the values that are known. */
export function jobKeys(
  hosts: readonly Host[],
  vms: readonly VmSummary[],
  jobs: readonly Job[],
): readonly SearchKey[] {
  const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort();
  const values: Record<JobSearchKey, readonly string[]> = {
    state: [...jobStates, unacknowledged],
    host: sorted(hosts.map(({ name }) => name)),
    vm: sorted([
      ...jobs.flatMap(({ subject: { kind, name } }) => (kind === 'vm' && name !== null ? [name] : [])),
      ...vms.map(({ name }) => name),
    ]),
    who: sorted(jobs.map(({ actor }) => actor)),
    action: sorted(commandNames.map((name) => commands[name].label)),
    since: ['1h', 'today', '24h', '7d', '30d'],
    until: ['1h', 'today', '24h', '7d'],
  };
  return jobSearchKeys.map((key) => ({ key, meaning: texts.keys[key], values: values[key] }));
}
