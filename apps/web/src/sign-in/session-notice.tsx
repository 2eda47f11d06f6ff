import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  tokens,
  useAnnounce,
} from '@fluentui/react-components';
import type { Me } from '@aether-v/types';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useNow } from '../components/use-now.ts';
import { providerSignIn } from '../session/session-api.ts';
import { useSession } from '../session/session-context.ts';
import { signInTexts as texts } from './sign-in.text.ts';

const useStyles = makeStyles({
  // Floats above the dock, so that neither content nor forms move when the session ends.
  root: {
    position: 'fixed',
    bottom: '3.25rem',
    left: '50%',
    zIndex: 3,
    width: 'max-content',
    maxWidth: 'calc(100vw - 2rem)',
    transform: 'translateX(-50%)',
    borderRadius: tokens.borderRadiusMedium,
    boxShadow: tokens.shadow16,
  },
});

const renewedPath = '/auth/renewed';
/** The notice of an absolute end appears this long before, in milliseconds. */
const noticeMs = 10 * 60_000;

/** Opens the sign-in in a second window, which closes itself afterwards. @returns False if the browser refuses. */
function openSignIn({ signIn }: Me): boolean {
  const isProviderOnly = signIn.includes('oidc') && !signIn.includes('account');
  const url = isProviderOnly ? providerSignIn(renewedPath) : renewedPath;
  return window.open(url, 'aether-v.sign-in', 'popup,width=520,height=720') !== null;
}

/** The button that opens the second window, and what to do next. */
function Renewal({ ways }: { readonly ways: Me }): ReactElement {
  const [opened, setOpened] = useState<boolean | null>(null);
  return (
    <>
      {opened !== null && <div role="status">{opened ? texts.renewing : texts.blocked}</div>}
      <Button appearance="primary" onClick={() => setOpened(openSignIn(ways))}>
        {texts.renew}
      </Button>
    </>
  );
}

/** Says that the session has ended, or that it is about to, and renews it in a second window. */
export function SessionNotice(): ReactElement | null {
  const styles = useStyles();
  const session = useSession();
  const now = useNow();
  const { announce } = useAnnounce();
  const wasEnded = useRef(false);
  const { phase } = session;
  useEffect(() => {
    if (phase === 'ended') wasEnded.current = true;
    else if (wasEnded.current && phase === 'signed-in') {
      wasEnded.current = false;
      announce(texts.back);
    }
  }, [phase, announce]);
  if (session.phase === 'ended')
    return (
      <Notice
        className={styles.root}
        title={texts.ended}
        body={texts.endedBody(session.reason)}
        ways={session.ways}
      />
    );
  if (session.phase !== 'signed-in' || session.me.session === null) return null;
  const left = Date.parse(session.me.session.endsAt) - now;
  if (left > noticeMs || left <= 0) return null;
  return (
    <Notice
      className={styles.root}
      title={texts.expiring(left)}
      body={texts.expiringBody}
      ways={session.me}
    />
  );
}

function Notice({
  className,
  title,
  body,
  ways,
}: {
  readonly className: string;
  readonly title: string;
  readonly body: string;
  readonly ways: Me;
}): ReactElement {
  return (
    <MessageBar className={className} layout="multiline" intent="warning" politeness="polite">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle> {body}
      </MessageBarBody>
      <MessageBarActions>
        <Renewal ways={ways} />
      </MessageBarActions>
    </MessageBar>
  );
}
