import type { ReactElement, ReactNode } from 'react';
import { Message } from './message.tsx';
import { Page } from './page.tsx';

/** The page of an object that does not exist: says so, why that may be, and leads back. */
export function MissingPage({
  title,
  body,
  back,
}: {
  readonly title: string;
  readonly body: string;
  readonly back: ReactNode;
}): ReactElement {
  return (
    <Page title={title}>
      <Message action={back}>{body}</Message>
    </Page>
  );
}
