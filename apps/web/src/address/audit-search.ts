import { auditStatuses, type AuditRecordQuery, type AuditStatus } from '@aether-v/types';

const names = [
  'search',
  'actor',
  'object',
  'job',
  'client',
  'action',
  'status',
  'from',
  'to',
  'own',
] as const;
type Name = (typeof names)[number];

/** Search parameters of the audit page. Invalid values are ignored. */
export type AuditSearch = { readonly [K in Name]?: string };

/** New values of filters; undefined removes one. */
export type AuditPatch = Partial<Record<Name, string | undefined>>;

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const entries = names.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value.slice(0, 256)] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** Returns the states in the address, in the order of the table. */
export function readAuditStatuses({ status }: AuditSearch): readonly AuditStatus[] {
  const asked = status?.split(',') ?? [];
  return auditStatuses.filter((known) => asked.includes(known));
}

/** Returns the time of a `datetime-local` field, which is in the browser's zone; undefined if it is none. */
function timeOf(text: string | undefined): string | undefined {
  const milliseconds = text === undefined ? NaN : new Date(text).getTime();
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

/** Converts the search parameters to a query. Records of the log about itself are left out unless asked for. */
export function auditQuery(search: AuditSearch): AuditRecordQuery {
  const { search: words, actor, object, job, client, action, own } = search;
  const status = readAuditStatuses(search);
  const from = timeOf(search.from);
  const to = timeOf(search.to);
  return {
    ...(words !== undefined && { search: words }),
    ...(actor !== undefined && { actor }),
    ...(object !== undefined && { object }),
    ...(job !== undefined && { job }),
    ...(client !== undefined && { client }),
    ...(action !== undefined && { action: [action] }),
    ...(status.length > 0 && { status: [...status] }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    own: own === 'true',
  };
}
