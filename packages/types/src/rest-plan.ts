import { Type, type Static } from 'typebox';
import { maxRefusals } from './check-operation.ts';
import { nullable } from './enum.ts';
import { ErrorInfo } from './errors.ts';
import { JobSubject, maxChildren } from './job.ts';
import { Deleted } from './operation-schema.ts';
import { HostId, Text, Timestamp } from './scalars.ts';
import { Remaining } from './vm-operations.ts';

const reasons = Type.Array(Text, { maxItems: 16, description: 'Sentences, most important first.' });

/** A host that was considered for a new VM. */
export const PlacementCandidate = Type.Object(
  {
    hostId: HostId,
    hostName: Text,
    fits: Type.Boolean(),
    reasons: { ...reasons, description: 'The reasons for or against this host.' },
  },
  { $id: 'PlacementCandidate' },
);

/** The host that was chosen for a new VM, with the reasons. */
export const Placement = Type.Object(
  {
    hostId: HostId,
    hostName: Text,
    storageClass: Text,
    reasons,
    candidates: Type.Array(PlacementCandidate, {
      maxItems: 64,
      description: 'The hosts that were considered, best first; a long list is truncated.',
    }),
  },
  { $id: 'Placement' },
);

/**
 * The result of a dry run: all reasons why the command would be refused. A plan describes the fleet at one point in
 * time, so the command itself is checked again.
 */
export const Plan = Type.Object(
  {
    ok: Type.Boolean({ description: 'True if the command would be accepted.' }),
    command: Text,
    title: Text,
    subject: JobSubject,
    hostId: nullable({
      ...HostId,
      description: 'The host that would run the command; null if no host is suitable.',
    }),
    checkedAt: Timestamp,
    refusals: Type.Array(ErrorInfo, { maxItems: 2 * maxRefusals }),
    deletes: { ...Deleted, description: 'The files, folders and roles that the command would delete.' },
    remaining: { ...Remaining, description: 'The files that the command would keep, with reasons.' },
    placement: nullable({
      ...Placement,
      description: 'The host that was chosen for a new VM; null for other commands.',
    }),
  },
  { $id: 'Plan' },
);

/** The result of a dry run for several VMs, in the order of the request. */
export const BulkPlan = Type.Object(
  {
    ok: Type.Boolean({ description: 'True if the command would be accepted for every VM.' }),
    items: Type.Array(Plan, { maxItems: maxChildren }),
  },
  { $id: 'BulkPlan' },
);

/** The query parameter that all commands accept. */
export const CommandQuery = Type.Object(
  {
    dryRun: Type.Optional(
      Type.Boolean({
        description: 'If true, checks the command and returns its plan without changing anything.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** A host that was considered for a new VM. */
export type PlacementCandidate = Static<typeof PlacementCandidate>;
/** The host that was chosen for a new VM, with the reasons. */
export type Placement = Static<typeof Placement>;
/** The result of a dry run. */
export type Plan = Static<typeof Plan>;
/** The result of a dry run for several VMs. */
export type BulkPlan = Static<typeof BulkPlan>;
/** The query parameter that all commands accept. */
export type CommandQuery = Static<typeof CommandQuery>;
