import type { MemorySetting, SecureBootSetting, VmFacts } from '@aether-v/types';
import type { Saga } from './saga.ts';

/** Converts the requested memory settings to those of Hyper-V. */
export function memoryOf(memory: MemorySetting): VmFacts['memory'] {
  if (memory.dynamic) return { ...memory };
  return { ...memory, minimum: null, maximum: null, bufferPercent: null };
}

/** Converts the requested secure boot to the setting of Hyper-V; turning it off keeps the template. */
export function secureBootOf(
  setting: SecureBootSetting,
  before: VmFacts['secureBoot'],
): NonNullable<VmFacts['secureBoot']> {
  if (setting === 'off') return { enabled: false, template: before?.template ?? 'MicrosoftWindows' };
  return { enabled: true, template: setting };
}

/** Refuses more processors than the host has. */
export function requireProcessors(saga: Saga, count: number): void {
  const { logicalProcessors } = saga.engine.host(saga.hostId);
  if (count <= logicalProcessors) return;
  saga.refuse(
    'not-supported',
    `This host has ${logicalProcessors} logical processors, but ${count} were requested.`,
  );
}

/** Refuses a name that another VM of the host has. */
export function requireFreeName(saga: Saga, name: string, except: string | null = null): void {
  const others = saga.steps.vms.list().filter(({ vmId }) => vmId !== except);
  if (!others.some((one) => one.name.toLowerCase() === name.toLowerCase())) return;
  saga.refuse('conflict', `This host already has a VM named "${name}".`, 'Choose another name.');
}
