import type { NewDisk } from '@aether-v/types';
import { formatBytes } from '../components/format.ts';

export const formTexts = {
  noSize: 'Enter a size such as 60 GB, 1.5 TB or 512 MB.',
  noMac: 'Enter twelve hexadecimal digits, such as 00-15-5D-01-02-03.',
  groupMac: 'This is a group address. The second digit must be even.',
  reading: (host: string) => `Reading the resources of ${host}…`,
  unread: (host: string) => `The resources of ${host} could not be read.`,
  free: (name: string, free: number | null) =>
    free === null ? `${name}: free space unknown` : `${name}: ${formatBytes(free)} free`,
  role: (name: string) => `Role ${name} of the cluster`,
  goes: 'Will be deleted',
  stays: 'Will be kept',
  nothingGoes: 'Nothing',
  because: (reason: string) => `because ${reason}`,
};

export const diskTypeWords: Record<Extract<NewDisk, { readonly type: string }>['type'], string> = {
  Dynamic: 'Dynamic: the file grows with its content',
  Fixed: 'Fixed: the file takes its whole size at once',
};
