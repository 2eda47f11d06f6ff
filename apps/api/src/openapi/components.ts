import * as contract from '@aether-v/types';
import type { TSchema } from 'typebox';

/** A JSON Schema as plain data. */
export type JsonSchema = { [key: string]: unknown };

/** The named components of the OpenAPI document. Identical shapes inside other schemas become references to them. */
const named = {
  ...contract.componentSchemas,
  ClusterList: contract.ClusterList,
  DeleteVmRequest: contract.DeleteVmRequest,
  EmptyRequest: contract.EmptyRequest,
  ErrorCode: contract.ErrorCodeSchema,
  ErrorInfo: contract.ErrorInfo,
  Health: contract.Health,
  HostConnection: contract.HostConnection,
  HostDetail: contract.HostDetail,
  HostFacts: contract.HostFacts,
  HostList: contract.HostList,
  Inventory: contract.Inventory,
  JobAccepted: contract.JobAccepted,
  JobChildren: contract.JobChildren,
  JobList: contract.JobList,
  JobLog: contract.JobLog,
  JobLogLine: contract.JobLogLine,
  JobStep: contract.JobStep,
  JobSubject: contract.JobSubject,
  JobState: contract.oneOf(contract.jobStates),
  Readiness: contract.Readiness,
  ShutdownRequest: contract.ShutdownRequest,
  Staleness: contract.Staleness,
  StreamInterest: contract.StreamInterest,
  ClusterSharedVolume: contract.ClusterSharedVolume,
  VmCheckpoint: contract.VmCheckpoint,
  VmClusterRole: contract.VmClusterRole,
  VmDisk: contract.VmDisk,
  VmDvdDrive: contract.VmDvdDrive,
  VmGuest: contract.VmGuest,
  VmIntegrationService: contract.VmIntegrationService,
  VmList: contract.VmList,
  VmMemory: contract.VmMemory,
  VmNetworkAdapter: contract.VmNetworkAdapter,
  VmState: contract.oneOf(contract.vmStates),
  VmVlan: contract.VmVlan,
} as const satisfies Record<string, TSchema>;

/** The name of a component. */
export type ComponentName = keyof typeof named;

/** Returns a reference to a component. */
export function referTo(name: ComponentName): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** Returns whether the component has required fields. */
export function hasRequiredFields(name: ComponentName): boolean {
  const { required = [] } = named[name] as { readonly required?: readonly string[] };
  return required.length > 0;
}

const nameOfShape = new Map(
  Object.entries(named).map(([name, schema]) => [JSON.stringify(schema), name as ComponentName]),
);

/** Returns all components as plain JSON Schema, sorted by name. */
export function components(): Record<string, JsonSchema> {
  const names = Object.keys(named).sort() as ComponentName[];
  return Object.fromEntries(
    names.map((name) => [name, expand(JSON.parse(JSON.stringify(named[name])) as JsonSchema)]),
  );
}

/** Converts a schema outside the components to plain JSON Schema that refers to them. */
export function inline(schema: TSchema): JsonSchema {
  return convert(JSON.parse(JSON.stringify(schema)) as JsonSchema) as JsonSchema;
}

function expand(schema: JsonSchema): JsonSchema {
  const typed = isTextEnum(schema) ? { type: 'string', ...schema } : schema;
  return Object.fromEntries(Object.entries(typed).map(([key, value]) => [key, convert(value)]));
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  const name = nameOfShape.get(JSON.stringify(value));
  return name === undefined ? expand(value as JsonSchema) : referTo(name);
}

/** TypeBox omits the type of an enumeration, but client generators need it. */
function isTextEnum(schema: JsonSchema): boolean {
  return (
    schema['type'] === undefined &&
    Array.isArray(schema['enum']) &&
    schema['enum'].every((entry) => typeof entry === 'string')
  );
}
