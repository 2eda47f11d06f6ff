/** Times of the last message from each host. An abstract class, so that it serves as its own injection token. */
export abstract class HostReadTimes {
  /** Returns when the host last sent anything, in milliseconds since 1970; undefined if it has not yet. */
  abstract readAt(hostId: string): number | undefined;
}
