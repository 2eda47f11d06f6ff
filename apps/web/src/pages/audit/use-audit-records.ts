import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditRecord, AuditRecordQuery, AuditRecords } from '@aether-v/types';
import { useEffect } from 'react';
import { auditApi } from '../../fleet/audit-api.ts';

export const auditKeys = { records: ['audit', 'records'], head: ['audit', 'head'] } as const;

const pageSize = 100;
/** A request only reads a part of the log. So many without a match follow each other before the user is asked. */
const mostEmptyPages = 20;

/** The audit records that match, as far as they have been read. */
export interface AuditList {
  readonly records: readonly AuditRecord[];
  readonly isFromMemory: boolean;
  readonly unreadable: number;
  /** The time of the oldest record that was examined. */
  readonly readTo: string | null;
  readonly hasOlder: boolean;
  readonly isReading: boolean;
  readonly isLoaded: boolean;
  readonly error: Error | null;
  readonly readOlder: () => void;
}

/** Reads audit records, page by page. */
export function useAuditRecords(query: AuditRecordQuery): AuditList {
  const { data, error, isFetching, isError, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...auditKeys.records, query],
    queryFn: ({ signal, pageParam }) =>
      auditApi.records(
        { ...query, limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: AuditRecords) => page.nextCursor,
  });
  const pages = data?.pages ?? [];
  const goesOn = hasNextPage && emptyPagesAtEnd(pages) % mostEmptyPages !== 0;
  useEffect(() => {
    if (goesOn && !isFetching && !isError) void fetchNextPage();
  }, [goesOn, isFetching, isError, fetchNextPage]);
  return {
    records: pages.flatMap(({ items }) => items),
    isFromMemory: pages[0]?.source === 'memory',
    unreadable: pages.reduce((sum, page) => sum + page.unreadable, 0),
    readTo: pages.findLast(({ readTo }) => readTo !== null)?.readTo ?? null,
    hasOlder: hasNextPage,
    isReading: isFetching || goesOn,
    isLoaded: data !== undefined,
    error,
    readOlder: () => void fetchNextPage(),
  };
}

function emptyPagesAtEnd(pages: readonly AuditRecords[]): number {
  return pages.length - 1 - pages.findLastIndex(({ items }) => items.length > 0);
}
