import { Button, Divider, makeStyles, MessageBar, MessageBarBody } from '@fluentui/react-components';
import type { Me } from '@aether-v/types';
import { useLocation } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { AccountForm } from './account-form.tsx';
import { CenteredCard } from './centered-card.tsx';
import { providerSignIn } from '../session/session-api.ts';
import { signInTexts as texts } from './sign-in.text.ts';

const useStyles = makeStyles({ provider: { textAlign: 'center', overflowWrap: 'anywhere' } });

/**
 * Replaces every page while no one is signed in. The address stays, so that a sign-in leads to the page that was wanted.
 */
export function SignInPage({ me }: { readonly me: Me }): ReactElement {
  const styles = useStyles();
  const { href } = useLocation();
  const withProvider = me.signIn.includes('oidc');
  const withAccount = me.signIn.includes('account');
  if (!withProvider && !withAccount)
    return (
      <CenteredCard title={texts.noWays}>
        <div>{texts.noWaysBody}</div>
      </CenteredCard>
    );
  return (
    <CenteredCard title={texts.signInTo}>
      {me.ended && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{texts.endedBefore(me.ended)}</MessageBarBody>
        </MessageBar>
      )}
      {withProvider && (
        <Button
          as="a"
          appearance={withAccount ? 'secondary' : 'primary'}
          size="large"
          className={styles.provider}
          href={providerSignIn(href)}
        >
          {texts.withProvider(me.provider ?? texts.identityProvider)}
        </Button>
      )}
      {withProvider && withAccount && <Divider>{texts.or}</Divider>}
      {withAccount && <AccountForm />}
    </CenteredCard>
  );
}
