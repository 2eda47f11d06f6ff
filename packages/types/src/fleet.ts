import { Type, type Static } from 'typebox';
import { oneOf } from './enum.ts';
import { Cluster, Host, HostUsage } from './host.ts';
import { Job } from './job.ts';
import { Timestamp, VersionText } from './scalars.ts';
import { VmSummary, VmUsage } from './vm.ts';

/** The kinds of rows in the fleet. */
export const rowKinds = ['cluster', 'host', 'vm', 'job'] as const;
/** The kind of a row. */
export type RowKind = (typeof rowKinds)[number];

/** The row type of each kind, as carried by lists and events. */
export interface Rows {
  cluster: Cluster;
  host: Host;
  vm: VmSummary;
  job: Job;
}

const rowEvent = <K extends RowKind, S extends typeof Cluster | typeof Host | typeof VmSummary | typeof Job>(
  kind: K,
  row: S,
) => Type.Object({ kind: Type.Literal(kind), id: Type.String(), row });

/**
 * Server-sent event `row`: a row in its current state; for a VM the summary, even if only other parts changed. The
 * event's id is the fleet's version, `epoch.seq`.
 */
export const RowEvent = Type.Union(
  [rowEvent('cluster', Cluster), rowEvent('host', Host), rowEvent('vm', VmSummary), rowEvent('job', Job)],
  { $id: 'RowEvent' },
);

/** Server-sent event `deleted`: the row was deleted. */
export const DeletedEvent = Type.Object(
  { kind: oneOf(rowKinds), id: Type.String() },
  { $id: 'DeletedEvent' },
);

/** Server-sent event `reset`: the requested version is no longer available; read everything again. */
export const ResetEvent = Type.Object(
  {
    version: VersionText,
    reason: oneOf(['epoch', 'too-old', 'invalid']),
  },
  { $id: 'ResetEvent' },
);

/**
 * Server-sent event `hello`, the first on every stream: the stream's id (used to set its interest) and the fleet's
 * version.
 */
export const HelloEvent = Type.Object(
  {
    streamId: Type.String(),
    version: VersionText,
    now: {
      ...Timestamp,
      description: "The service's clock. All times of the API refer to it, so calculate ages from it.",
    },
  },
  { $id: 'HelloEvent' },
);

/** Server-sent event `usage`: samples of the VMs and hosts selected for this stream. Not versioned. */
export const UsageEvent = Type.Object(
  { vms: Type.Array(VmUsage), hosts: Type.Array(HostUsage) },
  { $id: 'UsageEvent' },
);

/** The payload of each server-sent event, by name. */
export const fleetEvents = {
  hello: HelloEvent,
  row: RowEvent,
  deleted: DeletedEvent,
  reset: ResetEvent,
  usage: UsageEvent,
} as const;

/** A row in its current state. */
export type RowEvent = Static<typeof RowEvent>;
/** A deleted row. */
export type DeletedEvent = Static<typeof DeletedEvent>;
/** The requested version is no longer available. */
export type ResetEvent = Static<typeof ResetEvent>;
/** The first event of a stream. */
export type HelloEvent = Static<typeof HelloEvent>;
/** Samples of the VMs and hosts selected for a stream. */
export type UsageEvent = Static<typeof UsageEvent>;
