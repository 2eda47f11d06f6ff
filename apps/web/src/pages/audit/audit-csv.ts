import type { AuditRecord, AuditRecordQuery } from '@aether-v/types';
import { auditApi } from '../../fleet/audit-api.ts';
import type { CsvColumn } from '../../table/csv.ts';
import { actionWords, auditStatusViews, auditTexts as texts, optionsText } from './audit.text.ts';

const { columns: labels, facts } = texts;

/** The columns of a CSV file of audit records: those of the table, and what identifies a record. */
export const auditCsv: readonly CsvColumn<AuditRecord>[] = [
  { heading: facts.seq, value: ({ seq }) => seq },
  { heading: labels.time, value: ({ timestamp }) => timestamp },
  { heading: labels.status, value: ({ status }) => auditStatusViews[status].word },
  { heading: labels.action, value: ({ action }) => actionWords(action) },
  { heading: labels.object, value: ({ object: { name, id } }) => name ?? id },
  { heading: facts.objectId, value: ({ object }) => object.id },
  { heading: labels.actor, value: ({ actor }) => actor.name },
  { heading: facts.actorId, value: ({ actor }) => actor.id },
  { heading: labels.client, value: ({ clientIp }) => clientIp },
  { heading: labels.details, value: ({ details }) => details },
  { heading: facts.options, value: (record) => optionsText(record) ?? '' },
  { heading: facts.job, value: ({ job }) => job },
  { heading: facts.request, value: ({ request }) => request },
];

/** Records per request. */
const pageSize = 500;
/** A file with more rows is of no use in a spreadsheet program; `npm run audit:verify` reads the log itself. */
const mostRecords = 100_000;

/** Reads all audit records that match, newest first. */
export async function readAuditRecords(query: AuditRecordQuery): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof auditApi.records>> = await auditApi.records({
      ...query,
      limit: pageSize,
      ...(cursor !== null && { cursor }),
    });
    records.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && records.length < mostRecords);
  return records;
}
