import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { Cluster, Host, HostUsage } from './host.ts';
import { Job, JobLogLine, JobStateSchema } from './job.ts';
import { maxPageSize, page, total } from './rest-page.ts';
import { HostId, OperationId, Text, Timestamp, VersionText, VmId } from './scalars.ts';
import { vmStates } from './windows/vm-states.ts';

const strict = { additionalProperties: false };

/** The query parameters of `GET /jobs`. */
export const JobQuery = Type.Object(
  {
    state: Type.Optional(Type.Array(JobStateSchema, { maxItems: 100 })),
    hostId: Type.Optional(Type.Array(HostId, { maxItems: 100 })),
    vmId: Type.Optional(
      Type.Array(VmId, {
        maxItems: 100,
        description: 'Also finds the creation of the VM, and jobs with a child for it.',
      }),
    ),
    parentId: Type.Optional(Type.Array(OperationId, { maxItems: 100 })),
    actor: Type.Optional(Type.Array(Text, { maxItems: 100, description: 'The name of the actor.' })),
    command: Type.Optional(
      Type.Array(Text, {
        maxItems: 100,
        description: 'Commands, or operations in journals of hosts that have no command.',
      }),
    ),
    from: Type.Optional({ ...Timestamp, description: 'Created at this time or later.' }),
    to: Type.Optional({ ...Timestamp, description: 'Created before this time.' }),
    acknowledged: Type.Optional(
      Type.Boolean({
        description:
          'If false, only failed jobs and jobs with an unknown outcome that are not acknowledged; if true, only ' +
          'acknowledged jobs.',
      }),
    ),
    topLevel: Type.Optional(
      Type.Boolean({
        description: 'If true, omits jobs whose parent is available; the parent is listed instead.',
      }),
    ),
    ...page,
  },
  strict,
);

/** The query parameters of `GET /jobs/{jobId}/log`. */
export const JobLogQuery = Type.Object({ offset: page.offset, limit: page.limit }, strict);

/** All hosts, by name. */
export const HostList = Type.Object(
  { items: Type.Array(Host), total, version: VersionText },
  { $id: 'HostList' },
);
/** All clusters, by name. */
export const ClusterList = Type.Object(
  { items: Type.Array(Cluster), total, version: VersionText },
  { $id: 'ClusterList' },
);
/** A page of jobs, newest first. */
export const JobList = Type.Object(
  { items: Type.Array(Job), total, version: VersionText },
  { $id: 'JobList' },
);

/** A part of a job's log. Lines are numbered from 0; the oldest lines of a long log are dropped. */
export const JobLog = Type.Object(
  {
    items: Type.Array(JobLogLine, { maxItems: maxPageSize }),
    offset: Type.Integer({
      minimum: 0,
      description: 'The number of the first item; higher than requested if those lines were dropped.',
    }),
    total: Type.Integer({ minimum: 0, description: 'The number of lines that the job has written so far.' }),
  },
  { $id: 'JobLog' },
);

/** One host, including values that change too often to be versioned. */
export const HostDetail = Type.Object(
  {
    ...Host.properties,
    readAt: nullable({
      ...Timestamp,
      description: 'The time of the last message from the host; null before the first.',
    }),
    ageSeconds: nullable(Type.Number({ minimum: 0 })),
    usage: nullable(HostUsage),
  },
  { $id: 'HostDetail' },
);

const countsByState = Type.Partial(Type.Record(oneOf(vmStates), Type.Integer({ minimum: 1 })), {
  description: 'The number of VMs in each state; states without VMs are omitted.',
});

/** The fleet without its VMs, for the console's first screen. */
export const Inventory = Type.Object(
  {
    version: VersionText,
    environmentName: Type.String(),
    clusters: Type.Array(Cluster),
    hosts: Type.Array(Host),
    totals: Type.Object({
      vms: Type.Integer({ minimum: 0, description: 'The number of VMs on reachable hosts.' }),
      byState: countsByState,
      lastKnown: Type.Object(
        { vms: Type.Integer({ minimum: 0 }), byState: countsByState },
        { description: 'VMs of unreachable hosts, in their last known state.' },
      ),
    }),
  },
  { $id: 'Inventory' },
);

/** The body of an action without parameters. */
export const EmptyRequest = Type.Object({}, { ...strict, $id: 'EmptyRequest' });
/** The body of `shutdown`. */
export const ShutdownRequest = Type.Object(
  {
    force: Type.Optional(
      Type.Boolean({
        description: 'Gives the guest five minutes to shut down even while users are signed in.',
      }),
    ),
  },
  { ...strict, $id: 'ShutdownRequest' },
);

/** The maximum number of VMs, and of hosts, whose samples a stream carries. */
export const maxInterest = 500;

/** The VMs and hosts whose usage samples an event stream carries: those on its reader's screen. */
export const StreamInterest = Type.Object(
  {
    vmIds: Type.Array(VmId, { maxItems: maxInterest }),
    hostIds: Type.Array(HostId, { maxItems: maxInterest }),
  },
  { ...strict, $id: 'StreamInterest' },
);

/** The response to an accepted operation. */
export const JobAccepted = Type.Object({ job: Job }, { $id: 'JobAccepted' });

/** The service is alive. */
export const Health = Type.Object({ status: Type.Literal('ok'), version: Type.String() }, { $id: 'Health' });
/** The readiness of the service, and what is missing. */
export const Readiness = Type.Object(
  {
    status: oneOf(['ready', 'not-ready']),
    missing: Type.Array(Type.String()),
  },
  { $id: 'Readiness' },
);

/** The query parameters of `GET /jobs`. */
export type JobQuery = Static<typeof JobQuery>;
/** All hosts. */
export type HostList = Static<typeof HostList>;
/** All clusters. */
export type ClusterList = Static<typeof ClusterList>;
/** A page of jobs. */
export type JobList = Static<typeof JobList>;
/** A part of a job's log. */
export type JobLog = Static<typeof JobLog>;
/** The query parameters of `GET /jobs/{jobId}/log`. */
export type JobLogQuery = Static<typeof JobLogQuery>;
/** One host, including values that change too often to be versioned. */
export type HostDetail = Static<typeof HostDetail>;
/** The fleet without its VMs. */
export type Inventory = Static<typeof Inventory>;
/** The body of an action without parameters. */
export type EmptyRequest = Static<typeof EmptyRequest>;
/** The body of `shutdown`. */
export type ShutdownRequest = Static<typeof ShutdownRequest>;
/** The VMs and hosts whose usage samples an event stream carries. */
export type StreamInterest = Static<typeof StreamInterest>;
/** The response to an accepted operation. */
export type JobAccepted = Static<typeof JobAccepted>;
/** The service is alive. */
export type Health = Static<typeof Health>;
/** The readiness of the service. */
export type Readiness = Static<typeof Readiness>;
