import type { ReactElement, ReactNode } from 'react';
import { Message } from './message.tsx';
import { PageSkeleton } from './page-skeleton.tsx';
import { Page } from './page.tsx';

/** The page of an object that is not there: a skeleton while hosts are read, then why it may be missing and a way back. */
export function MissingPage({
  title,
  body,
  back,
  isReading = false,
}: {
  readonly title: string;
  readonly body: string;
  readonly back: ReactNode;
  readonly isReading?: boolean;
}): ReactElement {
  if (isReading) return <PageSkeleton />;
  return (
    <Page title={title}>
      <Message action={back}>{body}</Message>
    </Page>
  );
}
