import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useStreamStatus } from '../fleet/fleet-context.ts';
import type { VmListSpec } from '../fleet/list-spec.ts';
import { keys } from '../fleet/live-lists.ts';

/** The interval in milliseconds at which an order by usage is read again: usage changes all the time. */
const everyMs = 5_000;
/** Rows do not move under a mouse or a key that was used this recently, in milliseconds. */
const restMs = 2_000;

/** Keeps a list in order that is sorted by CPU or memory; returns the handler for signs of use. */
export function useLiveOrder(spec: VmListSpec): () => void {
  const queries = useQueryClient();
  const isLive = useStreamStatus().state === 'live';
  const usedAt = useRef(-Infinity);
  const isByUsage = spec.sort === 'cpu' || spec.sort === 'memory';
  useEffect(() => {
    if (!isByUsage || !isLive) return;
    const timer = setInterval(() => {
      const isInUse = performance.now() - usedAt.current < restMs;
      if (!isInUse && document.visibilityState === 'visible')
        void queries.invalidateQueries({ queryKey: keys.vmList(spec) });
    }, everyMs);
    return () => clearInterval(timer);
  }, [isByUsage, isLive, queries, spec]);
  return () => {
    usedAt.current = performance.now();
  };
}
