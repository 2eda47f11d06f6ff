import type { AuditRecord } from '@aether-v/types';
import type { ReactNode } from 'react';
import { formatDateTime } from '../../components/format.ts';
import { Status } from '../../components/status.tsx';
import type { ChoosableColumn } from '../../table/column-choice.ts';
import { actionWords, auditStatusViews, auditTexts as texts, optionsText } from './audit.text.ts';

/** A column of the audit table. */
export interface AuditColumn extends ChoosableColumn {
  readonly cell: (record: AuditRecord) => ReactNode;
}

const { columns: labels, facts } = texts;

/** The columns of the audit table; the action opens the record, so it is always shown. */
export const auditColumns: readonly AuditColumn[] = [
  { name: 'time', label: labels.time, width: 11, cell: ({ timestamp }) => formatDateTime(timestamp) },
  {
    name: 'status',
    label: labels.status,
    width: 8,
    cell: ({ status }) => <Status view={auditStatusViews[status]} />,
  },
  {
    name: 'action',
    label: labels.action,
    width: 9,
    shown: 'always',
    cell: ({ action }) => actionWords(action),
  },
  { name: 'object', label: labels.object, width: 10, cell: ({ object }) => object.name ?? object.id },
  { name: 'actor', label: labels.actor, width: 10, cell: ({ actor }) => actor.name },
  { name: 'client', label: labels.client, width: 9, leaveOut: 2, cell: ({ clientIp }) => clientIp },
  { name: 'details', label: labels.details, width: 10, leaveOut: 1, cell: ({ details }) => details },
  { name: 'host', label: facts.host, width: 8, shown: 'extra', cell: ({ host }) => host },
  { name: 'options', label: facts.options, width: 12, shown: 'extra', cell: optionsText },
  { name: 'job', label: facts.job, width: 12, shown: 'extra', cell: ({ job }) => job },
  { name: 'method', label: facts.method, width: 7, shown: 'extra', cell: ({ method }) => method },
  { name: 'objectId', label: facts.objectId, width: 12, shown: 'extra', cell: ({ object }) => object.id },
  { name: 'actorId', label: facts.actorId, width: 12, shown: 'extra', cell: ({ actor }) => actor.id },
  { name: 'request', label: facts.request, width: 12, shown: 'extra', cell: ({ request }) => request },
  { name: 'seq', label: facts.seq, width: 6, shown: 'extra', cell: ({ seq }) => texts.number(seq) },
];
