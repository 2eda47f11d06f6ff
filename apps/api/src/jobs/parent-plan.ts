import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  commandOperation,
  commands,
  HostId,
  JobSubject,
  maxChildren,
  maxTextLength,
  OperationId,
  Text,
  type CommandName,
  type CommandRequest,
} from '@aether-v/types';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { hasSecrets, withoutSecrets } from './without-secrets.ts';

/**
 * The order of a parent's children: `sequence` runs one after the other and stops after a failure; `parallel` runs all
 * independently.
 */
export const childOrders = ['sequence', 'parallel'] as const;

/** A child of a parent, as data: everything that a later run of the service needs to send it again. */
const PlannedChild = Type.Object({
  command: Text,
  hostId: HostId,
  subject: JobSubject,
  title: Text,
  request: Type.Unknown({ description: 'Without its secrets.' }),
  hasSecrets: Type.Boolean({ description: 'A request with secrets cannot be sent again.' }),
});

/** The plan of a parent. */
const ParentPlan = Type.Object({
  command: Text,
  subject: JobSubject,
  title: Text,
  order: Type.Enum([...childOrders]),
  retryOf: Type.Optional(OperationId),
  children: Type.Array(PlannedChild, { minItems: 1, maxItems: maxChildren }),
});

/** A child of a parent, as data. */
export type PlannedChild = Static<typeof PlannedChild>;
/** The plan of a parent. */
export type ParentPlan = Static<typeof ParentPlan>;

/** A child of a parent: a command for one object. */
export interface ChildOrder<C extends CommandName = CommandName> {
  readonly command: C;
  readonly request: CommandRequest<C>;
  readonly hostId: string;
  readonly subject: JobSubject & { readonly id: string; readonly name: string };
}

const plan = Compile(ParentPlan);
/** The maximum size of a plan as JSON, in bytes; a compressed text may expand to any length. */
const maxPlanBytes = 1024 * 1024;

/** Encodes a plan for a note: JSON, compressed (RFC 1951), in base64. Ids repeat, and a note holds 64 kB. */
export function encodePlan(value: ParentPlan): string {
  return deflateRawSync(JSON.stringify(value)).toString('base64');
}

/** Decodes a plan. @returns undefined if the text is invalid. */
export function decodePlan(text: string): ParentPlan | undefined {
  try {
    const json = inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: maxPlanBytes });
    const value: unknown = JSON.parse(json.toString('utf8'));
    return plan.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a child as data, without the secrets of its request. */
export function plannedChild({ command, request, hostId, subject }: ChildOrder): PlannedChild {
  const bare = withoutSecrets(commandOperation(command).request, request);
  return {
    command,
    hostId,
    subject,
    title: `${commands[command].title} ${subject.name}`.slice(0, maxTextLength),
    request: bare,
    hasSecrets: hasSecrets(command, request),
  };
}
