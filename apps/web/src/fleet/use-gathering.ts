import { useRows } from './fleet-context.ts';

/** Returns the number of hosts, and of those that have been read or are known to be unreachable. */
export function useReading(): { readonly read: number; readonly all: number } {
  const hosts = useRows('host');
  return {
    read: hosts.filter(({ connection }) => connection.state !== 'connecting').length,
    all: hosts.length,
  };
}

/** Returns whether some hosts have not been read yet, as after a start of the service. */
export function useGathering(): boolean {
  const { read, all } = useReading();
  return read < all;
}
