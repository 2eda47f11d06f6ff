import { Type, type Static } from 'typebox';
import { adapterOperations } from './adapter-operations.ts';
import { checkOperations } from './check-operation.ts';
import { checkpointOperations } from './checkpoint-operations.ts';
import { clusterOperations } from './cluster-operations.ts';
import { diskOperations } from './disk-operations.ts';
import { nullable, oneOf } from './enum.ts';
import { IdempotencyKey, JournalNote, RequestFingerprint } from './envelope.ts';
import type { ErrorCode } from './error-codes.ts';
import { ErrorInfo } from './errors.ts';
import { resourceOperations } from './host-resources.ts';
import { Capability, ClusterFacts, HostFacts, HostUsage } from './host.ts';
import { Empty, NoItem, strict, VmTarget, type OperationSchema } from './operation-schema.ts';
import { Guid, HostId, OperationId, Percent, Text, Timestamp } from './scalars.ts';
import { vmOperations } from './vm-operations.ts';
import { VmFacts, VmStateSchema, VmUsageFacts } from './vm.ts';

const VmPowerResult = Type.Object({ vmId: Guid, state: VmStateSchema });

/** The identity of the host, its PowerShell, and the agent's capabilities. */
export const AgentInfo = Type.Object({
  hostId: HostId,
  name: Text,
  agentVersion: Text,
  contract: Type.Integer(),
  powershellVersion: Text,
  powershellEdition: oneOf(['Desktop', 'Core']),
  languageMode: oneOf(['FullLanguage', 'ConstrainedLanguage', 'RestrictedLanguage', 'NoLanguage']),
  executionPolicy: Text,
  hyperV: Type.Boolean({ description: 'The Hyper-V role is there and may be read.' }),
  clusterName: nullable(Text),
  capabilities: Type.Array(Capability),
});

/** The maximum number of VMs on a host; a host that reports more violates the contract. */
export const maxVmsPerHost = 4096;

/**
 * One item of `inventory` and `watch`. A watch starts with a full read that ends with `synced`, and then streams
 * changes (including host and cluster, within one reconcile interval at the latest). It repeats `synced` after each
 * reconcile: VMs that are not in `vmIds` were deleted.
 */
export const InventoryItem = Type.Union([
  Type.Object({ kind: Type.Literal('host'), host: HostFacts }),
  Type.Object({ kind: Type.Literal('cluster'), cluster: ClusterFacts }),
  Type.Object({ kind: Type.Literal('vm'), vm: VmFacts }),
  Type.Object({ kind: Type.Literal('vm-removed'), vmId: Guid }),
  Type.Object({ kind: Type.Literal('synced'), vmIds: Type.Array(Guid, { maxItems: maxVmsPerHost }) }),
  Type.Object({
    kind: Type.Literal('usage'),
    host: nullable(HostUsage),
    vms: Type.Array(VmUsageFacts, { maxItems: maxVmsPerHost }),
  }),
]);

/** A host's journal entry of an operation. */
export const JournalEntry = Type.Object({
  operationId: OperationId,
  op: Text,
  state: oneOf(['running', 'succeeded', 'failed', 'cancelled', 'unknown']),
  vmId: nullable(Guid),
  actor: Text,
  startedAt: Timestamp,
  finishedAt: nullable(Timestamp),
  percent: nullable(Percent),
  message: nullable(Text),
  result: Type.Optional(Type.Unknown()),
  error: Type.Optional(ErrorInfo),
  idempotencyKey: Type.Optional(IdempotencyKey),
  fingerprint: Type.Optional(RequestFingerprint),
  note: Type.Optional(JournalNote),
});

const powerErrors = ['not-found', 'wrong-state', 'guest-timeout'] as const satisfies readonly ErrorCode[];
const vmPower = {
  request: VmTarget,
  item: NoItem,
  result: VmPowerResult,
  mutates: true,
  cancelsRunning: false,
  errors: powerErrors,
} as const;

/** Every operation of the host contract. */
export const operations = {
  'agent.info': {
    request: Empty,
    item: NoItem,
    result: AgentInfo,
    mutates: false,
    cancelsRunning: false,
    errors: [],
  },
  inventory: {
    request: Empty,
    item: InventoryItem,
    result: Type.Object({ vms: Type.Integer({ minimum: 0 }) }),
    mutates: false,
    cancelsRunning: true,
    errors: [],
  },
  watch: {
    request: Type.Object(
      {
        reconcileSeconds: Type.Integer({ minimum: 5, maximum: 86_400 }),
        usageSeconds: nullable(Type.Integer({ minimum: 1, maximum: 3600 })),
      },
      strict,
    ),
    item: InventoryItem,
    result: Type.Object({ reason: oneOf(['timeout', 'cancelled']) }),
    mutates: false,
    cancelsRunning: true,
    errors: [],
  },
  /** Changes nothing, and takes the way of every change: the session, the agent, the journal and back. */
  'host.test': {
    request: Empty,
    item: NoItem,
    result: Type.Object({ hostName: Text, agentVersion: Text }),
    mutates: true,
    resumable: true,
    cancelsRunning: true,
    errors: [],
  },
  'vm.start': vmPower,
  'vm.shutdown': {
    request: Type.Object({ vmId: Guid, force: Type.Boolean() }, strict),
    item: NoItem,
    result: VmPowerResult,
    mutates: true,
    cancelsRunning: false,
    errors: powerErrors,
  },
  'vm.stop': vmPower,
  'vm.restart': vmPower,
  'vm.reset': vmPower,
  'vm.save': { ...vmPower, cancelsRunning: true },
  'vm.pause': vmPower,
  'vm.resume': vmPower,
  ...resourceOperations,
  ...vmOperations,
  ...diskOperations,
  ...adapterOperations,
  ...checkpointOperations,
  ...clusterOperations,
  ...checkOperations,
  'operation.status': {
    request: Type.Object({ operationId: OperationId }, strict),
    item: NoItem,
    result: nullable(JournalEntry),
    mutates: false,
    cancelsRunning: false,
    errors: [],
  },
  'operation.list': {
    request: Type.Object({ since: nullable(Timestamp) }, strict),
    item: JournalEntry,
    result: Type.Object({ count: Type.Integer({ minimum: 0 }) }),
    mutates: false,
    cancelsRunning: false,
    errors: [],
  },
  /**
   * Requests the end of an operation. An operation unknown to the host is barred: a later request with its id ends as
   * `cancelled` before it has any effect. Its status is then `cancelled` with the op `operation.cancel`, and lists omit
   * it.
   */
  'operation.cancel': {
    request: Type.Object({ operationId: OperationId }, strict),
    item: NoItem,
    result: Type.Object({
      accepted: Type.Boolean({
        description:
          'Marked to end, or barred; false if it is over, or runs and cannot be cancelled (`cancelsRunning`).',
      }),
      begun: Type.Boolean({ description: 'False where the host never began it; then it never will.' }),
    }),
    mutates: false,
    cancelsRunning: false,
    errors: [],
  },
} as const satisfies Record<string, OperationSchema>;

/** The name of an operation. */
export type OperationName = keyof typeof operations;
/** The request of an operation. */
export type OperationRequest<N extends OperationName> = Static<(typeof operations)[N]['request']>;
/** The streamed item of an operation. */
export type OperationItem<N extends OperationName> = Static<(typeof operations)[N]['item']>;
/** The result of an operation. */
export type OperationResult<N extends OperationName> = Static<(typeof operations)[N]['result']>;
/** The identity and capabilities of an agent. */
export type AgentInfo = Static<typeof AgentInfo>;
/** One item of `inventory` and `watch`. */
export type InventoryItem = Static<typeof InventoryItem>;
/** A host's journal entry of an operation. */
export type JournalEntry = Static<typeof JournalEntry>;
