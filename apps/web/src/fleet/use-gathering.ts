import { useRows } from './fleet-context.ts';

/** Whether some host has not said yet what is there, as after a start of the service. */
export function useGathering(): boolean {
  return useRows('host').some(({ connection }) => connection.state === 'connecting');
}
