import type { RouteComponent } from '@tanstack/react-router';
import { use, type ComponentType, type ReactElement } from 'react';

/** The code of a page could not be loaded: the service is unreachable, or has another version of the console by now. */
export class PageNotLoaded extends Error {
  constructor(cause: unknown) {
    super('The code of this page could not be loaded.', { cause });
    this.name = 'PageNotLoaded';
  }
}

interface LazyPage {
  readonly preload: () => Promise<unknown>;
  readonly retry: () => void;
}

const pages = new Set<LazyPage>();

/**
 * A page whose code is loaded when it is opened or preloaded. Unlike the router's own, it never reloads the document:
 * while the service is unreachable, that would replace the console by the browser's error page.
 */
export function lazyPage<M, K extends keyof M>(
  load: () => Promise<M>,
  name: K & (M[K] extends ComponentType ? K : never),
): RouteComponent {
  let loading: Promise<ComponentType> | null = null;
  let hasFailed = false;
  const start = (): Promise<ComponentType> => {
    hasFailed = false;
    loading = load().then(
      (module) => module[name] as ComponentType,
      (cause: unknown) => {
        hasFailed = true;
        throw new PageNotLoaded(cause);
      },
    );
    return loading;
  };
  const retry = (): void => {
    if (hasFailed) loading = null;
  };
  const preload = (): Promise<unknown> => {
    retry();
    return loading ?? start();
  };
  function Lazy(): ReactElement {
    const Page = use(loading ?? start());
    return <Page />;
  }
  pages.add({ preload, retry });
  return Object.assign(Lazy, {
    preload: async () => {
      await preload();
    },
  });
}

/** Loads the code of all pages, one after the other; those that fail are loaded when they are opened. */
export async function preloadPages(): Promise<void> {
  for (const { preload } of pages) await preload().catch(() => undefined);
}

/** Makes pages whose code could not be loaded try again when they are rendered next. */
export function retryPages(): void {
  for (const { retry } of pages) retry();
}
