import { Type, type Static } from 'typebox';
import { maxRefusals } from './check-operation.ts';
import { nullable } from './enum.ts';
import { ErrorInfo } from './errors.ts';
import { JobSubject, maxChildren } from './job.ts';
import { Deleted } from './operation-schema.ts';
import { HostId, Text, Timestamp } from './scalars.ts';
import { Remaining } from './vm-operations.ts';

const reasons = Type.Array(Text, { maxItems: 16, description: 'Sentences, the most important one first.' });

/** A host that was considered for a new VM. */
export const PlacementCandidate = Type.Object(
  {
    hostId: HostId,
    hostName: Text,
    fits: Type.Boolean(),
    reasons: { ...reasons, description: 'The reasons for or against it.' },
  },
  { $id: 'PlacementCandidate' },
);

/** The host of a new VM, and the reasons for it. */
export const Placement = Type.Object(
  {
    hostId: HostId,
    hostName: Text,
    storageClass: Text,
    reasons,
    candidates: Type.Array(PlacementCandidate, {
      maxItems: 64,
      description: 'The hosts that were considered, the best first; a long list is truncated.',
    }),
  },
  { $id: 'Placement' },
);

/**
 * The result of a dry run: everything that stands in the way of a command. It describes the fleet at one time; the
 * command checks again.
 */
export const Plan = Type.Object(
  {
    ok: Type.Boolean({ description: 'True if nothing stands in the way.' }),
    command: Text,
    title: Text,
    subject: JobSubject,
    hostId: nullable({ ...HostId, description: 'The host that would run it; null if none is suitable.' }),
    checkedAt: Timestamp,
    refusals: Type.Array(ErrorInfo, { maxItems: 2 * maxRefusals }),
    deletes: { ...Deleted, description: 'Files, folders and roles that the command would delete.' },
    remaining: { ...Remaining, description: 'Files that it would leave in place, with reasons.' },
    placement: nullable({ ...Placement, description: 'The host of a new VM; null for other commands.' }),
  },
  { $id: 'Plan' },
);

/** The result of a dry run for several VMs, in the order of the request. */
export const BulkPlan = Type.Object(
  {
    ok: Type.Boolean({ description: 'True if nothing stands in the way for any VM.' }),
    items: Type.Array(Plan, { maxItems: maxChildren }),
  },
  { $id: 'BulkPlan' },
);

/** The query parameter of all commands. */
export const CommandQuery = Type.Object(
  {
    dryRun: Type.Optional(
      Type.Boolean({
        description: 'If true, checks the command and answers with its plan; changes nothing.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** A host that was considered for a new VM. */
export type PlacementCandidate = Static<typeof PlacementCandidate>;
/** The host of a new VM, and the reasons for it. */
export type Placement = Static<typeof Placement>;
/** The result of a dry run. */
export type Plan = Static<typeof Plan>;
/** The result of a dry run for several VMs. */
export type BulkPlan = Static<typeof BulkPlan>;
/** The query parameter of all commands. */
export type CommandQuery = Static<typeof CommandQuery>;
