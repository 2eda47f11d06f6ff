import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Explanation } from '../actions/action-toast.tsx';
import { planTexts as texts } from './plan.text.ts';
import type { Sending } from './use-sending.ts';

/** The notice in a form whose request was refused, or whose response was lost. */
export function RefusedNotice({ refused }: Pick<Sending, 'refused'>): ReactElement | null {
  if (!refused) return null;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{refused.problem ? texts.refusedTitle : texts.lostTitle}</MessageBarTitle>
        <Explanation {...refused.text} detail={refused.detail} />
      </MessageBarBody>
    </MessageBar>
  );
}
