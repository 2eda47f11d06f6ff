import type { AuditRecord, AuditRecordQuery } from '@aether-v/types';
import { validationFailed } from '../../problems/problem-error.ts';

type Test = (record: AuditRecord) => boolean;

/** Returns a predicate for the records that match a query. */
export function recordFilter(query: AuditRecordQuery): Test {
  const { from, to, actor, action, status, object, job, client, search, own } = query;
  const actions = new Set(action);
  const tests: Test[] = [];
  if (from !== undefined) tests.push(notBefore(timeOf(from, 'from')));
  if (to !== undefined) tests.push(notAfter(timeOf(to, 'to')));
  if (actions.size > 0) tests.push((record) => actions.has(record.action));
  if (status !== undefined) tests.push((record) => status.includes(record.status));
  if (job !== undefined) tests.push((record) => record.job === job);
  if (own === false) tests.push((record) => !record.action.startsWith('audit.'));
  if (actor !== undefined) tests.push(contains(actor, (record) => [record.actor.name, record.actor.id]));
  if (object !== undefined) tests.push(contains(object, (record) => [record.object.name, record.object.id]));
  if (client !== undefined) tests.push(contains(client, (record) => [record.clientIp]));
  for (const word of search?.split(/\s+/).filter((part) => part !== '') ?? []) {
    tests.push(contains(word, allTexts));
  }
  return (record) => tests.every((fits) => fits(record));
}

/** @throws ProblemError for a day or time that does not exist. */
function timeOf(text: string, field: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw validationFailed([{ field, message: 'is not a valid time' }]);
  return milliseconds;
}

function notBefore(milliseconds: number): Test {
  return ({ timestamp }) => Date.parse(timestamp) >= milliseconds;
}

function notAfter(milliseconds: number): Test {
  return ({ timestamp }) => Date.parse(timestamp) <= milliseconds;
}

function contains(part: string, textsOf: (record: AuditRecord) => readonly (string | null)[]): Test {
  const wanted = part.toLowerCase();
  return (record) => textsOf(record).some((text) => text?.toLowerCase().includes(wanted));
}

function allTexts(record: AuditRecord): readonly (string | null)[] {
  const { action, status, details, actor, clientIp, method, object, job, host, request, options } = record;
  return [
    ...[action, status, details, actor.name, actor.id, clientIp, method],
    ...[object.kind, object.name, object.id, job, host, request],
    ...options.map(({ name, value }) => `${name}=${value}`),
  ];
}
