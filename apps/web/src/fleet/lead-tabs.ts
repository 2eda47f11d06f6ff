import { TabElection, type ElectionMessage } from './tab-election.ts';

/**
 * Runs a task in one tab of the browser at a time: now, or when the tab that runs it is closed or frozen. The task gets
 * a signal that ends it, and may be run again later.
 */
export function leadTabs(
  name: string,
  tab: string,
  run: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): void {
  if ('locks' in navigator) {
    navigator.locks.request(name, { signal }, () => run(signal)).catch(() => undefined);
    return;
  }
  if (!('BroadcastChannel' in globalThis)) {
    void run(signal);
    return;
  }
  // Plain HTTP from another machine: browsers offer no locks there.
  const channel = new BroadcastChannel(`${name}.election`);
  const election = new TabElection(
    {
      tab,
      send: (message) => channel.postMessage(message),
      after(ms, then) {
        const timer = setTimeout(then, ms);
        return () => clearTimeout(timer);
      },
    },
    (leading) => void run(AbortSignal.any([leading, signal])),
  );
  channel.addEventListener('message', ({ data }: MessageEvent<ElectionMessage>) => election.hear(data));
  const leave = (): void => election.leave();
  const stand = (): void => election.stand();
  globalThis.addEventListener('pagehide', leave);
  document.addEventListener('freeze', leave);
  globalThis.addEventListener('pageshow', stand);
  document.addEventListener('resume', stand);
  signal.addEventListener('abort', () => {
    globalThis.removeEventListener('pagehide', leave);
    globalThis.removeEventListener('pageshow', stand);
    document.removeEventListener('freeze', leave);
    document.removeEventListener('resume', stand);
    leave();
    channel.close();
  });
  stand();
}
