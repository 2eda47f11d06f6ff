import type { Job } from '@aether-v/types';
import { jobSays } from '../components/jobs/job-says.ts';
import { serviceClock } from '../fleet/service-clock.ts';
import type { Column } from '../table/column.ts';
import {
  JobBegun,
  JobButtons,
  JobHost,
  JobMessage,
  JobOn,
  JobState,
  JobTook,
  JobWhat,
  JobWho,
} from './job-cells.tsx';
import { jobTableTexts as texts } from './job-table.text.ts';
import { jobStateView, jobWhat, tookMs } from './job-words.ts';

const { columns: labels, csv } = texts;

/** The columns of a table of jobs, from left to right; the service sorts them by time. */
export const jobColumns: readonly Column<Job>[] = [
  {
    name: 'what',
    label: labels.what,
    width: 10,
    grow: 2,
    shown: 'always',
    Cell: JobWhat,
    csv: [
      { heading: labels.what, value: jobWhat },
      { heading: csv.id, value: ({ id }) => id },
    ],
  },
  {
    name: 'on',
    label: labels.on,
    width: 7.5,
    grow: 1.5,
    Cell: JobOn,
    csv: [
      { heading: csv.kind, value: ({ subject: { kind } }) => (kind === 'none' ? null : kind) },
      {
        heading: csv.name,
        value: ({ subject: { name, id }, children }) =>
          name ?? id ?? (children ? texts.parts(children.total) : null),
      },
    ],
  },
  {
    name: 'host',
    label: labels.host,
    width: 6,
    grow: 1,
    leaveOut: 3,
    Cell: JobHost,
    csv: [{ heading: labels.host, value: ({ hostId }) => hostId }],
  },
  {
    name: 'who',
    label: labels.who,
    width: 6,
    grow: 1,
    Cell: JobWho,
    csv: [{ heading: labels.who, value: ({ actor }) => actor }],
  },
  {
    name: 'state',
    label: labels.state,
    width: 11,
    grow: 0.5,
    Cell: JobState,
    csv: [
      { heading: labels.state, value: (job) => jobStateView(job).word },
      { heading: csv.acknowledged, value: ({ acknowledgedBy }) => acknowledgedBy },
    ],
  },
  {
    name: 'begun',
    label: labels.begun,
    width: 5.25,
    leaveOut: 1,
    Cell: JobBegun,
    csv: [
      { heading: csv.requested, value: ({ createdAt }) => createdAt },
      { heading: csv.started, value: ({ startedAt }) => startedAt },
      { heading: csv.ended, value: ({ finishedAt }) => finishedAt },
    ],
  },
  {
    name: 'took',
    label: labels.took,
    width: 6.25,
    numeric: true,
    leaveOut: 2,
    Cell: JobTook,
    csv: [
      {
        heading: csv.took,
        value(job) {
          const took = tookMs(job, serviceClock.now());
          return took === null ? null : Math.round(took / 100) / 10;
        },
      },
    ],
  },
  {
    name: 'message',
    label: labels.message,
    width: 8,
    grow: 3,
    leaveOut: 4,
    Cell: JobMessage,
    csv: [{ heading: labels.message, value: jobSays }],
  },
  { name: 'actions', label: labels.actions, width: 5, shown: 'always', Cell: JobButtons, csv: [] },
];
