import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { Cluster, Host, HostUsage } from './host.ts';
import { jobStates } from './job-states.ts';
import { Job, JobLogLine } from './job.ts';
import { Guid, HostId, maxTextLength, Timestamp, VersionText, VmId } from './scalars.ts';
import { VmSummary } from './vm.ts';
import { vmStates } from './windows/vm-states.ts';

const strict = { additionalProperties: false };

/** What lists of VMs can be sorted by. */
export const vmSortFields = [
  'name',
  'state',
  'host',
  'cluster',
  'cpu',
  'memory',
  'processors',
  'startedAt',
  'createdAt',
] as const;
/** What a list of VMs is sorted by. */
export type VmSortField = (typeof vmSortFields)[number];

/** The values of `sort`: a field, or `-` and a field for the other direction. */
export const vmSorts = [
  ...vmSortFields,
  ...vmSortFields.map((field) => `-${field}` as const),
] satisfies readonly (VmSortField | `-${VmSortField}`)[];
/** A value of `sort`. */
export type VmSort = (typeof vmSorts)[number];

/** The longest page of a list. */
export const maxPageSize = 1000;

const page = {
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'Skips so many; not together with `cursor`.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxPageSize,
      description: 'At most so many; 100.',
    }),
  ),
};

/** What `GET /vms` can be asked. Repeated filters of one name mean either, filters of different names both. */
export const VmQuery = Type.Object(
  {
    state: Type.Optional(Type.Array(oneOf(vmStates), { maxItems: 100 })),
    hostId: Type.Optional(Type.Array(HostId, { maxItems: 100 })),
    clusterId: Type.Optional(Type.Array(Guid, { maxItems: 100 })),
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description:
          'Words that must all occur in the name, the host name of the guest, an address or the notes.',
      }),
    ),
    sort: Type.Optional(oneOf(vmSorts)),
    ...page,
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description:
          '`nextCursor` of the page before; what comes or goes meanwhile neither repeats nor hides others.',
      }),
    ),
  },
  strict,
);

/** What `GET /jobs` can be asked. */
export const JobQuery = Type.Object(
  {
    state: Type.Optional(Type.Array(oneOf(jobStates), { maxItems: 100 })),
    hostId: Type.Optional(Type.Array(HostId, { maxItems: 100 })),
    vmId: Type.Optional(Type.Array(VmId, { maxItems: 100 })),
    ...page,
  },
  strict,
);

/** What `GET /jobs/{jobId}/log` can be asked. */
export const JobLogQuery = Type.Object({ offset: page.offset, limit: page.limit }, strict);

const total = Type.Integer({ minimum: 0, description: 'How many there are on all pages.' });

/** A page of VMs. */
export const VmList = Type.Object({
  items: Type.Array(VmSummary),
  total,
  version: VersionText,
  nextCursor: nullable(Type.String({ description: 'Asks for the page after this one; null on the last.' })),
});
/** All hosts, by name. */
export const HostList = Type.Object({ items: Type.Array(Host), total, version: VersionText });
/** All clusters, by name. */
export const ClusterList = Type.Object({ items: Type.Array(Cluster), total, version: VersionText });
/** A page of jobs, the newest first. */
export const JobList = Type.Object({ items: Type.Array(Job), total, version: VersionText });

/** A part of the log of a job. Its lines are numbered from 0 on; the oldest of a long log are not kept. */
export const JobLog = Type.Object({
  items: Type.Array(JobLogLine, { maxItems: maxPageSize }),
  offset: Type.Integer({
    minimum: 0,
    description: 'The number of the first item; above the one asked for if that is no longer kept.',
  }),
  total: Type.Integer({ minimum: 0, description: 'How many lines the job has written so far.' }),
});

/** One host, with what changes too often to be versioned. */
export const HostDetail = Type.Object({
  ...Host.properties,
  readAt: nullable({
    ...Timestamp,
    description: 'When the host was last heard; null before the first time.',
  }),
  ageSeconds: nullable(Type.Number({ minimum: 0 })),
  usage: nullable(HostUsage),
});

const countsByState = Type.Partial(Type.Record(oneOf(vmStates), Type.Integer({ minimum: 1 })), {
  description: 'How many VMs are in each state; states without VMs are left out.',
});

/** The fleet without its VMs: what a console begins with. */
export const Inventory = Type.Object({
  version: VersionText,
  environmentName: Type.String(),
  clusters: Type.Array(Cluster),
  hosts: Type.Array(Host),
  totals: Type.Object({
    vms: Type.Integer({ minimum: 0, description: 'How many VMs there are on hosts that answer.' }),
    byState: countsByState,
    lastKnown: Type.Object(
      { vms: Type.Integer({ minimum: 0 }), byState: countsByState },
      { description: 'VMs of unreachable hosts, as they were last seen.' },
    ),
  }),
});

/** The body of an action that asks for nothing more. */
export const EmptyRequest = Type.Object({}, strict);
/** The body of `shutdown`. */
export const ShutdownRequest = Type.Object(
  {
    force: Type.Optional(
      Type.Boolean({ description: 'Gives the guest five minutes, however busy its users are.' }),
    ),
  },
  strict,
);

/** How many VMs, and how many hosts, a stream carries samples of. */
export const maxInterest = 500;

/** The body of `delete`. */
export const DeleteVmRequest = Type.Object(
  {
    name: Type.String({
      maxLength: maxTextLength,
      description: 'The name of the VM, as proof that it is the one that is meant.',
    }),
    force: Type.Optional(Type.Boolean({ description: 'Turns the VM off first if it is not.' })),
    deleteDisks: Type.Optional(
      Type.Boolean({ description: 'Deletes its files as well, except those that others need.' }),
    ),
  },
  strict,
);

/** Whose samples of usage a stream of events is to carry: what is on its reader's screen. */
export const StreamInterest = Type.Object(
  {
    vmIds: Type.Array(VmId, { maxItems: maxInterest }),
    hostIds: Type.Array(HostId, { maxItems: maxInterest }),
  },
  strict,
);

/** The answer to an accepted operation. */
export const JobAccepted = Type.Object({ job: Job });

/** The service runs. */
export const Health = Type.Object({ status: Type.Literal('ok') });
/** Whether the service can do its work, and what it waits for. */
export const Readiness = Type.Object({
  status: oneOf(['ready', 'not-ready']),
  missing: Type.Array(Type.String()),
});

/** What `GET /vms` can be asked. */
export type VmQuery = Static<typeof VmQuery>;
/** What `GET /jobs` can be asked. */
export type JobQuery = Static<typeof JobQuery>;
/** A page of VMs. */
export type VmList = Static<typeof VmList>;
/** All hosts. */
export type HostList = Static<typeof HostList>;
/** All clusters. */
export type ClusterList = Static<typeof ClusterList>;
/** A page of jobs. */
export type JobList = Static<typeof JobList>;
/** A part of the log of a job. */
export type JobLog = Static<typeof JobLog>;
/** What `GET /jobs/{jobId}/log` can be asked. */
export type JobLogQuery = Static<typeof JobLogQuery>;
/** One host, with what changes too often to be versioned. */
export type HostDetail = Static<typeof HostDetail>;
/** The fleet without its VMs. */
export type Inventory = Static<typeof Inventory>;
/** The body of an action that asks for nothing more. */
export type EmptyRequest = Static<typeof EmptyRequest>;
/** The body of `shutdown`. */
export type ShutdownRequest = Static<typeof ShutdownRequest>;
/** The body of `delete`. */
export type DeleteVmRequest = Static<typeof DeleteVmRequest>;
/** Whose samples of usage a stream of events is to carry. */
export type StreamInterest = Static<typeof StreamInterest>;
/** The answer to an accepted operation. */
export type JobAccepted = Static<typeof JobAccepted>;
/** The service runs. */
export type Health = Static<typeof Health>;
/** Whether the service can do its work. */
export type Readiness = Static<typeof Readiness>;
