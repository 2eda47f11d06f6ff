/** Search parameters of the form of a new VM: the host or cluster that it begins with. */
export interface CreateSearch {
  readonly host?: string;
  readonly cluster?: string;
}

/** Reads the search parameters of the form of a new VM. */
export function readCreateSearch(search: Record<string, unknown>): CreateSearch {
  const { host, cluster } = search;
  return {
    ...(typeof host === 'string' && host !== '' && { host }),
    ...(typeof cluster === 'string' && cluster !== '' && { cluster }),
  };
}
