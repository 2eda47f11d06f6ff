import {
  commands,
  errorCodes,
  isCommandName,
  type AuditRecord,
  type AuditStatus,
  type ErrorCode,
} from '@aether-v/types';
import { formatCount } from '../../components/format.ts';
import { errorTexts } from '../../components/error.text.ts';
import type { StatusView } from '../../components/status.tsx';

export const auditStatusViews: Record<AuditStatus, StatusView> = {
  requested: { icon: 'waiting', word: 'Requested', tone: 'quiet' },
  accepted: { icon: 'ok', word: 'Accepted', tone: 'quiet' },
  refused: { icon: 'cancelled', word: 'Refused', tone: 'warning' },
  succeeded: { icon: 'ok', word: 'Succeeded', tone: 'good' },
  failed: { icon: 'error', word: 'Failed', tone: 'bad' },
  cancelled: { icon: 'cancelled', word: 'Cancelled', tone: 'quiet' },
  unknown: { icon: 'unknown', word: 'Outcome unknown', tone: 'warning' },
};

const otherActions: Readonly<Record<string, string>> = {
  'audit.start': 'Audit log started',
  'audit.checkpoint': 'Checkpoint signed',
  'audit.lost': 'Records lost',
  'auth.sign-in': 'Sign in',
  'request.refused': 'Requests refused',
};

/** Returns an action in words; routes without a command stay as they are. */
export function actionWords(action: string): string {
  return isCommandName(action) ? commands[action].label : (otherActions[action] ?? action);
}

/** Returns the options of a record as one line; null if it has none. */
export function optionsText({ options }: AuditRecord): string | null {
  return options.length === 0 ? null : options.map(({ name, value }) => `${name}: ${value}`).join(', ');
}

/** Returns what the details of a record mean; null if they speak for themselves. */
export function detailsWords({ details }: AuditRecord): string | null {
  if (details === null) return null;
  if (Object.hasOwn(errorCodes, details)) return errorTexts[details as ErrorCode].what;
  return /^[1-5][0-9]{2}$/.test(details) ? `HTTP ${details}` : null;
}

export const auditTexts = {
  title: 'Audit log',
  table: 'Audit records',
  columns: {
    time: 'Time',
    status: 'Status',
    action: 'Action',
    object: 'Object',
    actor: 'Actor',
    client: 'Address',
    details: 'Details',
  },
  search: 'Search the audit log',
  placeholder: 'Search',
  actor: 'Actor',
  object: 'Object',
  statuses: 'Status',
  anyStatus: 'Any status',
  from: 'From',
  to: 'To',
  own: 'Records about the log itself',
  filters: 'Filters',
  clear: 'Clear filter',
  job: (id: string) => `Job ${id}`,
  client: (address: string) => `Address ${address}`,
  action: (action: string) => `Action ${actionWords(action)}`,
  dismissFilter: (filter: string) => `Remove the filter: ${filter}`,
  refresh: 'Refresh',
  chain: 'Chain',
  failedTitle: 'The audit log could not be read',
  none: 'No records',
  noneBody:
    'Every change that is requested through this service appears here, such as starting a virtual machine.',
  nothingFound: 'No records match',
  nothingFoundBody: 'Nothing in the log matches the filter.',
  older: 'Load older records',
  searching: 'Searching older records…',
  searchedTo: (time: string) => `Searched back to ${time}.`,
  searchFurther: 'Search further back',
  end: 'There are no older records.',
  memoryTitle: 'Only the newest records are available.',
  memory:
    'LOG_DIR is not set, so the service keeps at most 2,000 records, and only since its last start. Set LOG_DIR to keep the log in files.',
  unreadable: (count: number) =>
    `${count === 1 ? '1 line was' : `${formatCount(count)} lines were`} skipped because they are not audit records: a crash cut them off, or another program wrote them. For details, run npm run audit:verify.`,
  sinkTitle: (name: 'file' | 'stdout', required: boolean) =>
    `Audit records cannot be written to ${name === 'file' ? 'the file' : 'standard output'}${required ? ', so changes are refused' : ''}.`,
  sinkTodo: 'Check the folder LOG_DIR: free space and permissions.',
  open: (action: string, object: string, time: string) => `Details: ${action} ${object}, ${time}`,
  facts: {
    time: 'Time',
    status: 'Status',
    details: 'Details',
    meaning: 'Meaning',
    actor: 'Actor',
    actorId: 'Actor id',
    client: 'Address',
    method: 'HTTP method',
    action: 'Action',
    object: 'Object',
    objectId: 'Object id',
    options: 'Options',
    job: 'Job',
    host: 'Host',
    request: 'Request id',
    seq: 'Number',
    restored: 'Restored',
  },
  restored: 'Yes: read from the host’s journal after a restart of the service',
  only: 'Show only',
  onlyActor: 'This actor',
  onlyObject: 'This object',
  onlyJob: 'This job',
  onlyClient: 'This address',
  onlyAction: 'This action',
  noObject: 'none',
  chainTitle: 'Chain and checkpoint',
  chainBody:
    'Each record contains the hash of the previous one, and checkpoints sign the chain. Keep a copy of the last checkpoint elsewhere, so that you can prove later that no record before it was removed.',
  head: 'Newest record',
  hash: 'Its hash',
  key: 'Public key',
  keyId: 'Key id',
  checkpoint: 'Last checkpoint',
  checkpointSeq: 'Signs record',
  checkpointHash: 'Signed hash',
  signature: 'Signature',
  noCheckpoint: 'None yet. The first one follows after 100 records, or five minutes after the first record.',
  sinks: 'Written to',
  sink: (name: 'file' | 'stdout', required: boolean, problem: string | null) =>
    `${name === 'file' ? 'File' : 'Standard output'}${required ? ' (required)' : ''}: ${problem ?? 'works'}`,
  number: (seq: number) => formatCount(seq),
};
