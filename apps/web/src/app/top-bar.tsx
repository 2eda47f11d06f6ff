import {
  Button,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { DarkThemeRegular } from '@fluentui/react-icons/svg/dark-theme';
import { NavigationRegular } from '@fluentui/react-icons/svg/navigation';
import { useMemo, type ReactElement } from 'react';
import { AppLink } from '../components/app-link.tsx';
import { formatTime } from '../components/format.ts';
import { Status, type StatusView } from '../components/status.tsx';
import { useNarrow } from '../components/use-media.ts';
import { useRows, useStreamStatus } from '../fleet/fleet-context.ts';
import { isActive } from '../fleet/is-active.ts';
import { topJobs } from '../fleet/job-order.ts';
import { AccountMenu } from '../sign-in/account-menu.tsx';
import type { StreamStatus } from '../fleet/stream.ts';
import { Logo } from '../components/logo.tsx';
import { PaletteButton } from './palette-slot.tsx';
import { shellTexts as texts } from './shell.text.ts';
import { useThemeControl } from './theme-context.ts';
import { themeChoices } from './theme.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    minHeight: '2.75rem',
    padding: `0 ${tokens.spacingHorizontalL}`,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  product: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground1,
  },
  environment: {
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground2,
  },
  jobs: { whiteSpace: 'nowrap' },
  end: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM, marginLeft: 'auto' },
});

function streamView(status: StreamStatus): StatusView {
  if (status.state === 'live') return { icon: 'ok', word: texts.live, tone: 'good' };
  if (status.state === 'connecting') return { icon: 'waiting', word: texts.connecting, tone: 'quiet' };
  if (status.state === 'signed-out') return { icon: 'unreachable', word: texts.signedOut, tone: 'warning' };
  return { icon: 'unreachable', word: texts.unreachable(formatTime(status.since)), tone: 'warning' };
}

function ThemeMenu(): ReactElement {
  const { choice, choose } = useThemeControl();
  return (
    <Menu
      checkedValues={{ theme: [choice] }}
      onCheckedValueChange={(_, { checkedItems }) => {
        const next = themeChoices.find((each) => each === checkedItems[0]);
        if (next) choose(next);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<DarkThemeRegular />}
          aria-label={texts.theme}
          title={texts.theme}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {themeChoices.map((each) => (
            <MenuItemRadio key={each} name="theme" value={each}>
              {texts.themes[each]}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** The top bar: product, environment, and the state of the connection. */
export function TopBar({
  environment,
  onOpenTree,
}: {
  readonly environment: string | null;
  readonly onOpenTree: (() => void) | null;
}): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const restored = useRestoreFocusTarget();
  const status = useStreamStatus();
  const jobs = useRows('job');
  const active = useMemo(() => topJobs(jobs).filter(isActive).length, [jobs]);
  return (
    <header className={styles.root}>
      {onOpenTree && (
        <Button
          appearance="subtle"
          icon={<NavigationRegular />}
          aria-label={texts.openTree}
          {...restored}
          onClick={onOpenTree}
        />
      )}
      <AppLink to="/" className={styles.product} aria-label={texts.product}>
        <Logo />
        {!narrow && texts.product}
      </AppLink>
      {environment && !narrow && (
        <span className={styles.environment} title={environment}>
          {environment}
        </span>
      )}
      <span className={styles.end}>
        <PaletteButton />
        <span role="status">
          <Status view={streamView(status)} iconOnly={narrow} />
        </span>
        <AppLink to="/jobs" className={styles.jobs}>
          {active > 0 ? (narrow ? texts.activeJobsShort(active) : texts.activeJobs(active)) : texts.jobs}
        </AppLink>
        <ThemeMenu />
        <AccountMenu />
      </span>
    </header>
  );
}
