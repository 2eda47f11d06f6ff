import { Button, Spinner } from '@fluentui/react-components';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useEffect, useRef, type ReactElement } from 'react';
import { commonTexts } from '../components/common.text.ts';
import { Message } from '../components/message.tsx';
import { useStreamStatus } from '../fleet/fleet-context.ts';
import { PageNotLoaded, retryPages } from './lazy-page.tsx';
import { shellTexts } from './shell.text.ts';

/**
 * Replaces a page that failed, or whose code could not be loaded. It offers no reload while the service is unreachable,
 * since that would replace the console by the browser's error page; a page without code is opened when it is back.
 */
export function PageFailed({ error, reset }: ErrorComponentProps): ReactElement {
  const router = useRouter();
  const isUnreachable = useStreamStatus().state === 'unreachable';
  const isNotLoaded = error instanceof PageNotLoaded;
  const wasUnreachable = useRef(isUnreachable);
  useEffect(() => {
    const isBack = wasUnreachable.current && !isUnreachable;
    wasUnreachable.current = isUnreachable;
    if (!isBack || !isNotLoaded) return;
    retryPages();
    void router.invalidate().finally(reset);
  }, [isUnreachable, isNotLoaded, reset, router]);
  if (isNotLoaded && isUnreachable)
    return (
      <Message title={shellTexts.notLoaded} action={<Spinner size="tiny" label={commonTexts.tryingAgain} />}>
        {shellTexts.notLoadedYet}
      </Message>
    );
  return (
    <Message
      title={isNotLoaded ? shellTexts.notLoaded : shellTexts.failed}
      action={
        <Button
          disabledFocusable={isUnreachable}
          title={isUnreachable ? shellTexts.noReload : undefined}
          aria-description={isUnreachable ? shellTexts.noReload : undefined}
          onClick={() => location.reload()}
        >
          {shellTexts.reload}
        </Button>
      }
    >
      {isNotLoaded ? shellTexts.updated : error instanceof Error ? error.message : String(error)}
    </Message>
  );
}
