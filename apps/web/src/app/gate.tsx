import { useLocation } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { errorTexts, unreachableText } from '../components/error.text.ts';
import { ApiProblem } from '../fleet/problem.ts';
import { CenteredCard } from '../sign-in/centered-card.tsx';
import { NoAccessPage } from '../sign-in/no-access-page.tsx';
import { RenewedPage } from '../sign-in/renewed-page.tsx';
import { useSession } from '../session/session-context.ts';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { signInTexts } from '../sign-in/sign-in.text.ts';
import { Shell } from './shell.tsx';

/** The session keeps asking, so the page appears as soon as the service answers. */
function problemText(error: Error): string {
  if (!(error instanceof ApiProblem)) return unreachableText.what;
  const { what, todo } = errorTexts[error.code];
  return `${what} ${error.message} ${todo}`;
}

/** Shows pages of the fleet to those who may view it, and to others how to sign in. */
export function Gate(): ReactElement | null {
  const session = useSession();
  const { pathname } = useLocation();
  if (session.phase === 'loading') {
    if (session.error === null) return null;
    return (
      <CenteredCard title={signInTexts.unreachableTitle}>
        <div role="status">{problemText(session.error)}</div>
      </CenteredCard>
    );
  }
  if (session.phase === 'signed-out') return <SignInPage me={session.me} />;
  if (pathname === '/auth/renewed') return <RenewedPage />;
  const { principal } = session.me;
  if (!principal.permissions.includes('view')) return <NoAccessPage principal={principal} />;
  return <Shell />;
}
