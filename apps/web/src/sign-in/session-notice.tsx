import { Button } from '@fluentui/react-components';
import type { Me } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { BottomNotice } from '../components/bottom-notice.tsx';
import { useAnnounceReturn } from '../components/use-announce-return.ts';
import { useNow } from '../components/use-now.ts';
import { providerSignIn } from '../session/session-api.ts';
import { useSession } from '../session/session-context.ts';
import { signInTexts as texts } from './sign-in.text.ts';

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
  const session = useSession();
  const now = useNow();
  const { phase } = session;
  useAnnounceReturn(phase === 'ended', phase === 'signed-in', texts.back);
  if (session.phase === 'ended') {
    return (
      <BottomNotice
        title={texts.ended}
        body={texts.endedBody(session.reason)}
        actions={<Renewal ways={session.ways} />}
      />
    );
  }
  if (session.phase !== 'signed-in' || session.me.session === null) return null;
  const left = Date.parse(session.me.session.endsAt) - now;
  if (left > noticeMs || left <= 0) return null;
  return (
    <BottomNotice
      title={texts.expiring(left)}
      body={texts.expiringBody}
      actions={<Renewal ways={session.me} />}
    />
  );
}
