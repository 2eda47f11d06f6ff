import { Button } from '@fluentui/react-components';
import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Message } from '../components/message.tsx';
import { shellTexts } from './shell.text.ts';

/** Stands where a page would be that failed, or whose code could not be loaded after the service was updated. */
export function PageFailed({ error }: ErrorComponentProps): ReactElement {
  return (
    <Message
      title={shellTexts.failed}
      action={<Button onClick={() => location.reload()}>{shellTexts.reload}</Button>}
    >
      {error instanceof Error ? error.message : String(error)}
    </Message>
  );
}
