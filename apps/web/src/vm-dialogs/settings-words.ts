import type { VmEditableSettings, VmUpdateField } from '@aether-v/types';
import { formatBytes } from '../components/format.ts';
import { checkpointTypeWords, startActionWords, stopActionWords } from '../components/vm.text.ts';
import { secureBootWords, settingsTexts as texts } from './settings.text.ts';
import { inputOf } from './settings-input.ts';

type Words = { readonly [F in VmUpdateField]: (settings: VmEditableSettings) => string | null };

const words: Words = {
  name: ({ name }) => name,
  notes: ({ notes }) => (notes === '' ? texts.empty : `“${notes}”`),
  checkpointType: ({ checkpointType }) => checkpointType && checkpointTypeWords[checkpointType],
  automaticStartAction: ({ automaticStartAction: action }) => action && startActionWords[action],
  automaticStartDelaySeconds: ({ automaticStartDelaySeconds: delay }) =>
    delay === null ? null : String(delay),
  automaticStopAction: ({ automaticStopAction: action }) => action && stopActionWords[action],
  processors: ({ processors }) => String(processors),
  memory: ({ memory: { dynamic, startup, minimum, maximum } }) =>
    dynamic
      ? `${formatBytes(startup)} (${formatBytes(minimum ?? 0)} to ${formatBytes(maximum ?? 0)})`
      : formatBytes(startup),
  secureBoot: (settings) => {
    const { secureBoot } = inputOf(settings);
    return secureBoot && secureBootWords[secureBoot];
  },
  bootOrder: ({ bootOrder }) => bootOrder?.join(', ') ?? null,
};

/** Returns a setting in words. */
export function settingWords(field: VmUpdateField, settings: VmEditableSettings): string {
  return words[field](settings) ?? texts.notReported;
}
