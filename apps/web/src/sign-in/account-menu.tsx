import {
  Avatar,
  Button,
  makeStyles,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  tokens,
} from '@fluentui/react-components';
import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { pageMount } from '../components/page-mount.ts';
import { useMe, useWhyNot } from '../session/session-context.ts';
import { roleWords } from '../session/permissions.text.ts';
import type { SignedIn } from '../session/session-state.ts';
import { signInTexts as texts } from './sign-in.text.ts';
import { useSignOut } from './sign-out.tsx';

const useStyles = makeStyles({
  head: {
    display: 'flex',
    flexDirection: 'column',
    maxWidth: '18rem',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
  },
  name: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  quiet: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
  },
  button: { minWidth: 'auto', padding: tokens.spacingHorizontalXXS },
});

/** Returns how someone has signed in, in words. */
function methodText({ principal, provider }: SignedIn): string {
  if (principal.method === 'local') return texts.methods.local;
  if (principal.method !== 'session') return texts.methods.program;
  return principal.id.startsWith('account:')
    ? texts.methods.account
    : texts.methods.provider(provider ?? texts.identityProvider);
}

/** The account in the top bar: who is signed in, and what they can do about it. */
export function AccountMenu(): ReactElement | null {
  const styles = useStyles();
  const me = useMe();
  const whyNot = useWhyNot();
  const router = useRouter();
  const signOut = useSignOut();
  if (me === null) return null;
  const { name, role, method } = me.principal;
  const auditReason = whyNot('audit') ?? undefined;
  return (
    <Menu mountNode={pageMount()}>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          className={styles.button}
          icon={<Avatar size={24} color="brand" aria-hidden />}
          aria-label={texts.menu(name)}
          title={name}
        />
      </MenuTrigger>
      <MenuPopover>
        <div className={styles.head}>
          <span className={styles.name}>{name}</span>
          <span>{role === null ? texts.noRole : roleWords[role]}</span>
          <span className={styles.quiet}>{methodText(me)}</span>
        </div>
        <MenuList>
          <MenuDivider />
          <MenuItem
            disabled={auditReason !== undefined}
            aria-description={auditReason}
            title={auditReason}
            onClick={() => void router.navigate({ to: '/audit' })}
          >
            {texts.audit}
          </MenuItem>
          {method === 'session' && (
            <MenuItem onClick={() => void router.navigate({ to: '/sessions' })}>{texts.sessions}</MenuItem>
          )}
          {method === 'session' && <MenuItem onClick={signOut}>{texts.signOut}</MenuItem>}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
