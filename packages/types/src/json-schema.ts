import type { TSchema } from 'typebox';
import { AgentLine, Envelope } from './envelope.ts';
import { NoItem } from './operation-schema.ts';
import { operations } from './operations.ts';
import { HostConfiguration } from './host-configuration.ts';

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
