import type { MemorySetting, SecureBootSetting, VmFacts } from '@aether-v/types';

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
