import { useRows } from './fleet-context.ts';

/** How many hosts there are, and how many of them have been read or are known to be unreachable. */
export function useReading(): { readonly read: number; readonly all: number } {
  const hosts = useRows('host');
  return {
    read: hosts.filter(({ connection }) => connection.state !== 'connecting').length,
    all: hosts.length,
  };
}

/** Whether some host has not said yet what is there, as after a start of the service. */
export function useGathering(): boolean {
  const { read, all } = useReading();
  return read < all;
}
