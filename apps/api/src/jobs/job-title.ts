import { commandRow, isCommandName, type JobSubject } from '@aether-v/types';

/**
 * Returns the title of a job: that of its command and the name of its subject. Operations without a command are named
 * by the operation.
 *
 * @param request Its request, if known: the name of a new VM is not that of its subject.
 */
export function jobTitle(
  command: string,
  { kind, name }: Pick<JobSubject, 'kind' | 'name'>,
  request?: unknown,
): string {
  if (command === 'vm.create') {
    const vmName = requestedName(request) ?? (kind === 'vm' ? name : null);
    const place = kind === 'host' && name !== null ? ` on ${name}` : '';
    return `Create ${vmName ?? 'a VM'}${place}`;
  }
  const title = isCommandName(command) ? commandRow(command).title : command;
  return name === null ? title : `${title} ${name}`;
}

function requestedName(request: unknown): string | null {
  if (typeof request !== 'object' || request === null || !('name' in request)) return null;
  return typeof request.name === 'string' ? request.name : null;
}
