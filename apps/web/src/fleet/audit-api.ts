import { getAuditHead, listAuditRecords } from '@aether-v/api-client';
import type { AuditHead, AuditRecordQuery, AuditRecords } from '@aether-v/types';
import { ask } from './ask.ts';

/** The console's requests about the audit log. */
export const auditApi = {
  async records(query: AuditRecordQuery, signal?: AbortSignal): Promise<AuditRecords> {
    return (await ask((within) => listAuditRecords({ query, signal: within }), signal)).data;
  },
  async head(signal?: AbortSignal): Promise<AuditHead> {
    return (await ask((within) => getAuditHead({ signal: within }), signal)).data;
  },
};
