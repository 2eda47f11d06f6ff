/** A dry run of one command or several, whose checks share what they read of hosts. */
export class DryRun {
  /** The GUIDs of the VMs that it is about. */
  readonly vmIds: ReadonlySet<string>;
  /** Aborted when it has ended, or its caller has disconnected. */
  readonly signal: AbortSignal;
  readonly #ended = new AbortController();

  /** @param requests The requests of its commands. @param caller Aborted when the caller has disconnected. */
  constructor(requests: readonly object[], caller?: AbortSignal) {
    this.vmIds = new Set(requests.flatMap(guidOf));
    this.signal = AbortSignal.any([this.#ended.signal, ...(caller === undefined ? [] : [caller])]);
  }

  end(): void {
    this.#ended.abort();
  }
}

function guidOf(request: object): string[] {
  return 'vmId' in request && typeof request.vmId === 'string' ? [request.vmId] : [];
}
