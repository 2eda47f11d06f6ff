import { backoffDelay } from '@aether-v/types';
import { AriaLiveAnnouncer, FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useMemo, type ReactElement } from 'react';
import { listenForProblems } from '../fleet/ask.ts';
import { FleetContext } from '../fleet/fleet-context.ts';
import { Fleet } from '../fleet/fleet.ts';
import { retryWaits } from '../fleet/stream.ts';
import { SessionContext } from '../session/session-context.ts';
import { sessionPorts } from '../session/session-ports.ts';
import { SessionStore } from '../session/session-store.ts';
import { router } from './router.tsx';
import { ThemeContext } from './theme-context.ts';
import { useTheme } from './theme.ts';

// The stream reports changes and the service's return, so queries are not refetched on focus or by a timer.
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: false,
      retryDelay: (attempt) => backoffDelay(attempt + 1, { ...retryWaits, random: Math.random }),
    },
  },
});
const session = new SessionStore(sessionPorts());
const fleet = new Fleet(queries, session);
listenForProblems(({ status }) => {
  // Someone's session or rights may have changed.
  if (status === 401 || status === 403) void session.check();
});
void session.check();

export function App(): ReactElement {
  const { choice, dark, choose } = useTheme();
  const control = useMemo(() => ({ choice, choose }), [choice]); // eslint-disable-line react-hooks/exhaustive-deps -- choose only writes
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <FluentProvider theme={dark ? webDarkTheme : webLightTheme} applyStylesToPortals>
      <AriaLiveAnnouncer>
        <ThemeContext value={control}>
          <QueryClientProvider client={queries}>
            <SessionContext value={session}>
              <FleetContext value={fleet}>
                <RouterProvider router={router} />
              </FleetContext>
            </SessionContext>
          </QueryClientProvider>
        </ThemeContext>
      </AriaLiveAnnouncer>
    </FluentProvider>
  );
}
