import { backoffDelay } from '@aether-v/types';
import { AriaLiveAnnouncer, FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useMemo, type ReactElement } from 'react';
import { FleetContext } from '../fleet/fleet-context.ts';
import { Fleet } from '../fleet/fleet.ts';
import { retryWaits } from '../fleet/stream.ts';
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
const fleet = new Fleet(queries);

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
            <FleetContext value={fleet}>
              <RouterProvider router={router} />
            </FleetContext>
          </QueryClientProvider>
        </ThemeContext>
      </AriaLiveAnnouncer>
    </FluentProvider>
  );
}
