import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import type { VmEditableSettings } from '@aether-v/types';
import type { ReactElement } from 'react';
import type { EditedSettings } from './use-edited-settings.ts';
import { settingWords } from './settings-words.ts';
import { settingLabels, settingsTexts as texts } from './settings.text.ts';

/** Shows changes by others while the form was open; the user keeps the input or uses the new values. */
export function OverlapNotice({
  edited: { overlap, merged, read, base },
}: {
  readonly edited: EditedSettings;
}): ReactElement | null {
  if (!overlap && merged.length === 0) return null;
  const mine = { ...base.settings, ...read.changes } as VmEditableSettings;
  return (
    <MessageBar intent={overlap ? 'warning' : 'info'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{texts.conflictTitle}</MessageBarTitle>
        {merged.map(({ field, before }) => (
          <div key={field}>
            {texts.mergedLine(
              settingLabels[field],
              settingWords(field, before),
              settingWords(field, overlap?.theirs ?? base.settings),
            )}
          </div>
        ))}
        {overlap?.fields.map((field) => (
          <div key={field}>
            {texts.conflictLine(
              settingLabels[field],
              settingWords(field, overlap.before),
              settingWords(field, overlap.theirs),
              field === 'secureBoot' || read.problems.has(field)
                ? texts.somethingElse
                : settingWords(field, mine),
            )}
          </div>
        ))}
      </MessageBarBody>
      {overlap && (
        <MessageBarActions>
          <Button onClick={() => overlap.resolve('keep')}>{texts.keep}</Button>
          <Button onClick={() => overlap.resolve('take')}>{texts.take}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
