import type { ReactElement } from 'react';
import { CenteredCard } from './centered-card.tsx';
import type { Principal } from '../session/session-state.ts';
import { signInTexts as texts } from './sign-in.text.ts';
import { SignOutButton } from './sign-out.tsx';

/** For someone who has signed in, but may not even view the fleet: the reason, and what to ask for. */
export function NoAccessPage({ principal }: { readonly principal: Principal }): ReactElement {
  return (
    <CenteredCard title={texts.noAccessTitle}>
      <div>{principal.name}</div>
      <div>{texts.noAccess[principal.notice ?? 'no-role']}</div>
      {principal.method === 'session' && <SignOutButton />}
    </CenteredCard>
  );
}
