/** When each host was last heard. An abstract class, so that it is its own injection token. */
export abstract class HostReadTimes {
  /** When the host last said anything, in milliseconds since 1970; undefined before the first time. */
  abstract readAt(hostId: string): number | undefined;
}
