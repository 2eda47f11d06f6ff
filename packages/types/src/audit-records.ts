import { Type, type Static } from 'typebox';
import { auditStatuses } from './audit-statuses.ts';
import { nullable, oneOf } from './enum.ts';
import { Timestamp } from './scalars.ts';

const strict = { additionalProperties: false };

/** The maximum page size of the audit records. */
export const maxAuditPage = 200;

const part = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 256, description }));

/**
 * The query parameters of `GET /audit/records`. A record must match all filters. Texts match any part,
 * case-insensitively.
 */
export const AuditRecordQuery = Type.Object(
  {
    from: Type.Optional({ ...Timestamp, description: 'The earliest time of a record.' }),
    to: Type.Optional({ ...Timestamp, description: 'The latest time of a record.' }),
    actor: part('A part of the principal’s name or id.'),
    action: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
        maxItems: 50,
        description: 'Actions, such as `vm.start`; a record must have one of them.',
      }),
    ),
    status: Type.Optional(
      Type.Array(oneOf(auditStatuses), {
        maxItems: auditStatuses.length,
        description: 'States; a record must have one of them.',
      }),
    ),
    object: part('A part of the name or id of the object, such as a VM.'),
    job: part('The id of the job.'),
    client: part('A part of the client’s address.'),
    search: part('Words that must all occur in the record.'),
    own: Type.Optional(
      Type.Boolean({
        description:
          'If false, omits records about the audit log itself (`audit.start`, `audit.checkpoint`, `audit.lost`).',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: maxAuditPage,
        description: 'The maximum number of records; default: 100.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: '`nextCursor` of the previous response.',
      }),
    ),
  },
  strict,
);

/** A record of the audit log, without its hash in the chain. */
export const AuditRecord = Type.Object(
  {
    timestamp: Timestamp,
    seq: Type.Integer({
      minimum: 0,
      description: 'The number of the record since the start of the service.',
    }),
    action: Type.String({ description: 'The command (`vm.start`), or the route of another change.' }),
    status: oneOf(auditStatuses),
    details: nullable(
      Type.String({ description: 'The status of the response, or the error code of the job.' }),
    ),
    actor: Type.Object({ id: nullable(Type.String()), name: Type.String() }),
    clientIp: nullable(Type.String()),
    method: nullable(Type.String()),
    object: Type.Object({
      kind: Type.String({ description: '`vm`, `host`, `cluster`, `job` or `none`.' }),
      id: nullable(Type.String()),
      name: nullable(Type.String()),
    }),
    job: nullable(Type.String({ description: 'The id of the job.' })),
    host: nullable(Type.String({ description: 'The host that ran the job.' })),
    request: nullable(Type.String({ description: 'The id of the request (`X-Request-Id`).' })),
    options: Type.Array(
      Type.Object({ name: Type.String(), value: Type.Union([Type.String(), Type.Number(), Type.Boolean()]) }),
      { description: 'The valid options of the command, such as `force`.' },
    ),
    restored: Type.Boolean({ description: 'True if the job was accepted before the service started.' }),
  },
  { $id: 'AuditRecord' },
);

/** A page of audit records, newest first. */
export const AuditRecords = Type.Object(
  {
    items: Type.Array(AuditRecord),
    nextCursor: nullable(
      Type.String({
        description:
          'The cursor of older records; null if there are none. A request reads a limited part of the log, so a page with a cursor may have few records or none.',
      }),
    ),
    source: oneOf(['file', 'memory'], {
      description:
        '`file`: the files in LOG_DIR. `memory`: LOG_DIR is not set, so only the newest records since the start of the service are available.',
    }),
    readTo: nullable({ ...Timestamp, description: 'The time of the oldest record that was examined.' }),
    unreadable: Type.Integer({
      minimum: 0,
      description: 'The number of examined lines that are not records.',
    }),
  },
  { $id: 'AuditRecords' },
);

/** The query parameters of `GET /audit/records`. */
export type AuditRecordQuery = Static<typeof AuditRecordQuery>;
/** A record of the audit log. */
export type AuditRecord = Static<typeof AuditRecord>;
/** A page of audit records, newest first. */
export type AuditRecords = Static<typeof AuditRecords>;
