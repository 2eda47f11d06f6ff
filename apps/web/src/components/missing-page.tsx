import type { ReactElement, ReactNode } from 'react';
import { Message } from './message.tsx';
import { PageSkeleton } from './page-skeleton.tsx';
import { Page } from './page.tsx';

/**
 * The page of an object that was not found: a skeleton while hosts are being read, then possible reasons and a link
 * back.
 */
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
