import { Button } from '@fluentui/react-components';
import { useEffect, type ReactElement } from 'react';
import { CenteredCard } from './centered-card.tsx';
import { signInTexts as texts } from './sign-in.text.ts';

/** The end of a sign-in in a second window, which closes itself: the session has told the first, which continues. */
export function RenewedPage(): ReactElement {
  useEffect(() => window.close(), []);
  return (
    <CenteredCard title={texts.renewedTitle}>
      <div>{texts.renewedBody}</div>
      <Button onClick={() => window.close()}>{texts.closeWindow}</Button>
    </CenteredCard>
  );
}
