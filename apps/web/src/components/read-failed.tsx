import { Spinner } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { ApiProblem } from '../fleet/problem.ts';
import { commonTexts } from './common.text.ts';
import { unreachableText, errorTexts } from './error.text.ts';
import { Message } from './message.tsx';

/** Replaces content that could not be loaded: what happened and what to do. */
export function ReadFailed({
  title,
  error,
}: {
  readonly title: string;
  readonly error: Error;
}): ReactElement {
  if (error instanceof ApiProblem) {
    const text = errorTexts[error.code];
    return <Message title={title}>{`${text.what} ${error.message} ${text.todo}`}</Message>;
  }
  return (
    <Message title={title} action={<Spinner size="tiny" label={commonTexts.tryingAgain} />}>
      {unreachableText.what}
    </Message>
  );
}
