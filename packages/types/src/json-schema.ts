import type { TSchema } from 'typebox';
import { AgentLine, Envelope } from './envelope.ts';
import { NoItem } from './operation-schema.ts';
import { operations } from './operations.ts';
import { HostConfiguration } from './host-configuration.ts';
import { Cluster, Host, HostUsage } from './host.ts';
import { Job } from './job.ts';
import { Problem } from './errors.ts';
import { Vm, VmSummary, VmUsage } from './vm.ts';
import { DeletedEvent, HelloEvent, ResetEvent, RowEvent, UsageEvent } from './fleet.ts';

/** Returns the schema documents of the host contract by file name; agents validate with them. */
export function contractSchemas(): Record<string, TSchema> {
  const documents: Record<string, TSchema> = {
    envelope: Envelope,
    line: AgentLine,
    'host-configuration': HostConfiguration,
  };
  for (const [name, operation] of Object.entries(operations)) {
    documents[`${name}.request`] = operation.request;
    documents[`${name}.result`] = operation.result;
    if (operation.item !== NoItem) documents[`${name}.item`] = operation.item;
  }
  return documents;
}

/** The schemas that the OpenAPI document names as components. */
export const componentSchemas = {
  Cluster,
  DeletedEvent,
  HelloEvent,
  Host,
  HostUsage,
  Job,
  Problem,
  ResetEvent,
  RowEvent,
  UsageEvent,
  Vm,
  VmSummary,
  VmUsage,
} as const satisfies Record<string, TSchema>;
