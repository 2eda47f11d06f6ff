import { Button } from '@fluentui/react-components';
import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Message } from '../components/message.tsx';
import { shellTexts } from './shell.text.ts';

/** Replaces a page that failed, or whose code could not be loaded after an update of the service. */
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
