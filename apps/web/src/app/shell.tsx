import { Button, Drawer, Link, makeStyles, Subtitle2, Toaster, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useState, type MouseEvent, type ReactElement } from 'react';
import { VmActionsProvider } from '../actions/vm-actions-provider.tsx';
import { PageSkeleton } from '../components/page-skeleton.tsx';
import { ReadFailed } from '../components/read-failed.tsx';
import { useNarrow } from '../components/use-media.ts';
import { toasterId } from '../components/use-toasts.ts';
import { useFleet, useStreamStatus } from '../fleet/fleet-context.ts';
import { inventoryQuery, jobPageQuery } from '../fleet/queries.ts';
import { SessionNotice } from '../sign-in/session-notice.tsx';
import { FleetTree } from '../tree/fleet-tree.tsx';
import { treeTexts } from '../tree/tree.text.ts';
import { JobDock } from './job-dock.tsx';
import { PaletteSlot } from './palette-slot.tsx';
import { shellTexts } from './shell.text.ts';
import { StreamNotice } from './stream-notice.tsx';
import { TopBar } from './top-bar.tsx';
import { useShortcutHelp } from './shortcut-help.tsx';
import { useFocusReturn } from './use-focus-return.ts';
import { renderVmForm, usePreloadedForms } from './vm-form-slot.tsx';
import { usePreloadedPages } from './use-preloaded-pages.ts';
import { useShortcuts } from './use-shortcuts.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    height: '100%',
    backgroundColor: tokens.colorNeutralBackground2,
  },
  // Over the whole bar, so that it covers the logo instead of being mixed with it.
  skip: {
    position: 'absolute',
    left: '-100vw',
    ':focus': {
      left: 0,
      zIndex: 2,
      minHeight: '2.75rem',
      lineHeight: '2.75rem',
      padding: `0 ${tokens.spacingHorizontalXL}`,
      backgroundColor: tokens.colorNeutralBackground1,
      boxShadow: tokens.shadow8,
    },
  },
  middle: { display: 'flex', flexGrow: 1, minHeight: 0 },
  tree: {
    width: '16.5rem',
    flexShrink: 0,
    minHeight: 0,
    borderRight: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  right: { display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0, minHeight: 0 },
  main: { flexGrow: 1, minHeight: 0, outlineStyle: 'none' },
  toasts: {
    position: 'static',
    display: 'flex',
    // The newest one first.
    flexDirection: 'column-reverse',
    justifyContent: 'flex-end',
    width: 'auto',
    maxHeight: '40vh',
    overflowY: 'auto',
    // Room for the shadows.
    padding: `0 ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS}`,
    pointerEvents: 'auto',
    ':empty': { display: 'none' },
    '& > *': { flexShrink: 0, marginTop: tokens.spacingVerticalS },
  },
  drawerHead: {
    display: 'flex',
    alignItems: 'center',
    alignSelf: 'stretch',
    justifyContent: 'space-between',
    flexShrink: 0,
    minHeight: '2.75rem',
    padding: `0 ${tokens.spacingHorizontalM} 0 ${tokens.spacingHorizontalXL}`,
  },
  drawerTree: { alignSelf: 'stretch', flexGrow: 1, minHeight: 0 },
});

/** Moves the focus without a change of the address, whose part after `#` the router would take for a page. */
function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

/** The layout in three areas: the tree for navigation, the page, and the dock with current jobs. */
export function Shell(): ReactElement {
  const styles = useStyles();
  const fleet = useFleet();
  const narrow = useNarrow();
  const [drawerAt, setDrawerAt] = useState<string | null>(null);
  const { pathname } = useLocation();
  const stream = useStreamStatus();
  const inventory = useQuery(inventoryQuery(fleet));
  usePreloadedForms();
  const help = useShortcutHelp();
  useShortcuts(help.open);
  useFocusReturn();
  usePreloadedPages(inventory.data !== undefined && stream.state === 'live');
  // Navigation closes the drawer: it is open only on the page where it was opened.
  const drawer = drawerAt === pathname;
  const setDrawer = (open: boolean): void => setDrawerAt(open ? pathname : null);
  const ready = inventory.data !== undefined;
  // The dock, the job count and the overview all show the latest jobs.
  useQuery({ ...jobPageQuery(fleet, 0), enabled: ready });
  const failure = inventory.error ?? inventory.failureReason;
  return (
    <div className={styles.root}>
      <Link href="#content" className={styles.skip} onClick={skipToContent}>
        {shellTexts.skip}
      </Link>
      <TopBar
        environment={inventory.data?.environmentName ?? null}
        onOpenTree={narrow ? () => setDrawer(true) : null}
      />
      {help.dialog}
      <div className={styles.middle}>
        {!narrow && (
          <nav className={styles.tree} aria-label={treeTexts.title}>
            {ready && <FleetTree />}
          </nav>
        )}
        {narrow && (
          <Drawer
            type="overlay"
            open={drawer}
            onOpenChange={(_, { open }) => setDrawer(open)}
            aria-label={treeTexts.title}
          >
            <div className={styles.drawerHead}>
              {/* The bar has no room for the name of the environment on a phone. */}
              <Subtitle2>{inventory.data?.environmentName || shellTexts.product}</Subtitle2>
              <Button
                appearance="subtle"
                icon={<DismissRegular />}
                aria-label={shellTexts.closeTree}
                onClick={() => setDrawer(false)}
              />
            </div>
            <div className={styles.drawerTree}>{ready && <FleetTree focusAtOnce />}</div>
          </Drawer>
        )}
        <div className={styles.right}>
          <VmActionsProvider renderForm={renderVmForm}>
            <main id="content" tabIndex={-1} className={styles.main}>
              {ready ? (
                <Outlet />
              ) : failure ? (
                <ReadFailed title={shellTexts.firstRead} error={failure} />
              ) : (
                <PageSkeleton />
              )}
            </main>
            <PaletteSlot />
          </VmActionsProvider>
          {/* Below the page instead of over it, so that they cover no row and no button. */}
          <section aria-label={shellTexts.messages}>
            <Toaster toasterId={toasterId} inline className={styles.toasts} />
            <StreamNotice />
            <SessionNotice />
          </section>
          {!narrow && <JobDock />}
        </div>
      </div>
    </div>
  );
}
