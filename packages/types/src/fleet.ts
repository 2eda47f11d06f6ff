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

/** The row of each kind, as lists and events carry it. */
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

/** Server-sent event `row`: the row as it now is; of a VM, its summary, also when only other parts of it changed. The event's id is the fleet's version, `epoch.seq`. */
export const RowEvent = Type.Union([
  rowEvent('cluster', Cluster),
  rowEvent('host', Host),
  rowEvent('vm', VmSummary),
  rowEvent('job', Job),
]);

/** Server-sent event `deleted`: the row is gone. */
export const DeletedEvent = Type.Object({ kind: oneOf(rowKinds), id: Type.String() });

/** Server-sent event `reset`: this stream cannot go on from the version asked for; read everything again. */
export const ResetEvent = Type.Object({
  version: VersionText,
  reason: oneOf(['epoch', 'too-old', 'invalid']),
});

/** Server-sent event `hello`, first on every stream: its id (to say what is on the screen) and the fleet's version. */
export const HelloEvent = Type.Object({
  streamId: Type.String(),
  version: VersionText,
  now: {
    ...Timestamp,
    description:
      "The time by the service's clock. All times of the API are by that clock: ages are counted from it.",
  },
});

/** Server-sent event `usage`: samples of what this stream said is on its screen. Not versioned. */
export const UsageEvent = Type.Object({ vms: Type.Array(VmUsage), hosts: Type.Array(HostUsage) });

/** The payload of each server-sent event, by its name. */
export const fleetEvents = {
  hello: HelloEvent,
  row: RowEvent,
  deleted: DeletedEvent,
  reset: ResetEvent,
  usage: UsageEvent,
} as const;

/** The row as it now is. */
export type RowEvent = Static<typeof RowEvent>;
/** The row is gone. */
export type DeletedEvent = Static<typeof DeletedEvent>;
/** This stream cannot go on. */
export type ResetEvent = Static<typeof ResetEvent>;
/** The first event of a stream. */
export type HelloEvent = Static<typeof HelloEvent>;
/** Samples of what is on the screen. */
export type UsageEvent = Static<typeof UsageEvent>;
