import type { Job } from '@aether-v/types';
import type { AuditEntry } from './audit-log.ts';

/** Returns the entry of a job's end, or of the loss of its outcome; undefined while the job waits or runs. */
export function endOfJob(job: Readonly<Job>, restored: boolean): AuditEntry | undefined {
  const { id, command, subject, hostId, actor, state, error } = job;
  if (state === 'queued' || state === 'running') return undefined;
  return {
    action: command,
    status: state,
    details: error?.code ?? null,
    actor: { id: null, name: actor },
    clientIp: null,
    method: null,
    object: subject,
    job: id,
    host: hostId,
    request: null,
    ...(restored ? { restored } : {}),
  };
}
