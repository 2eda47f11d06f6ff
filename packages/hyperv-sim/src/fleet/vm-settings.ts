import type { MemorySetting, SecureBootSetting, VmFacts } from '@aether-v/types';

/** Memory that is asked for, as Hyper-V has it. */
export function memoryOf(memory: MemorySetting): VmFacts['memory'] {
  if (memory.dynamic) return { ...memory };
  return { ...memory, minimum: null, maximum: null, bufferPercent: null };
}

/** Secure boot that is asked for, as Hyper-V has it; where it is off, the keys stay what they were. */
export function secureBootOf(
  setting: SecureBootSetting,
  before: VmFacts['secureBoot'],
): NonNullable<VmFacts['secureBoot']> {
  if (setting === 'off') return { enabled: false, template: before?.template ?? 'MicrosoftWindows' };
  return { enabled: true, template: setting };
}
