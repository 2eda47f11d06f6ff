import { operationOfCommand } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import type { FleetView } from '../inventory/fleet-view.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { hostsThatMayHaveRun, otherHosts } from './hosts-that-may-have-run.ts';
import {
  IdempotencyKeys,
  keyOfOther,
  mayBeOlder,
  type KeyedFamily,
  type KeyedRequest,
} from './idempotency.ts';
import { JobRows } from './job-rows.ts';
import type { JobRow } from './job-transitions.ts';
import { JournalHistory } from './journal-history.ts';

/** The waiting time of a request for hosts that are being connected, in milliseconds. */
const patience = 10_000;

/**
 * Finds the job of a request that was sent before with the same idempotency key, including before a restart of the
 * service.
 */
@Injectable()
export class RepeatedRequests {
  readonly #startedAt: number;

  constructor(
    private readonly store: FleetStore,
    private readonly fleet: FleetViews,
    private readonly rows: JobRows,
    private readonly keys: IdempotencyKeys,
    private readonly history: JournalHistory,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    this.#startedAt = clock.now();
    // The journal of its host still has the key of a job that was removed here.
    rows.onForgotten(({ id, hostId, command }) => {
      const request = keys.forget(id);
      if (request === undefined || hostId === null) return;
      const { hostKey, fingerprint } = request;
      history.keys.learn(hostId, hostKey, {
        operationId: id,
        op: operationOfCommand(command),
        fingerprint,
      });
    });
  }

  /**
   * Returns the job of the same request, if there is one.
   *
   * @throws ProblemError if the key was used for another request, if a host that may have run it before the service
   * started cannot be queried, or if a host that the VM may have been moved from reports that it ran it.
   */
  async find(request: KeyedRequest | undefined, principal: Principal): Promise<JobRow | undefined> {
    if (request === undefined) return undefined;
    const view = this.fleet.of(principal);
    const known = this.#known(request);
    if (known !== undefined) return known;
    if (this.#mayBeOlder(request)) await this.#assertRead(request, view, this.clock.now() + patience);
    // Another request with this key may have been accepted in the meantime.
    return this.#known(request) ?? (await this.#journalled(request, view));
  }

  /**
   * Returns the job with children of the same request, if there is one.
   *
   * @throws ProblemError as `find`, and if only its children are still available.
   */
  async findFamily(request: KeyedFamily | undefined, principal: Principal): Promise<JobRow | undefined> {
    if (request === undefined) return undefined;
    const { all, each } = request;
    const view = this.fleet.of(principal);
    const known = this.#known(all) ?? (await this.#journalledParent(each, view));
    if (known !== undefined || !this.#mayBeOlder(all)) return known;
    const until = this.clock.now() + patience;
    for (const one of each) await this.#assertRead(one, view, until);
    return this.#known(all) ?? (await this.#journalledParent(each, view));
  }

  async #journalledParent(each: readonly KeyedRequest[], view: FleetView): Promise<JobRow | undefined> {
    for (const request of each) {
      const child = await this.#journalled(request, view);
      if (child === undefined) continue;
      const parent = child.parentId === null ? undefined : this.rows.get(child.parentId);
      if (parent === undefined) throw parentGone(child);
      return parent;
    }
    return undefined;
  }

  #mayBeOlder({ key }: KeyedRequest): boolean {
    return mayBeOlder(key, this.#startedAt, this.clock.now());
  }

  #known(request: KeyedRequest): JobRow | undefined {
    const jobId = this.keys.find(request);
    return jobId === undefined ? undefined : this.rows.get(jobId);
  }

  /**
   * Waits for the journals of hosts that may have run the request. Hosts outside its cluster only count if they are
   * reachable.
   */
  async #assertRead(request: KeyedRequest, view: FleetView, until: number): Promise<void> {
    const tried = new Set<string>();
    const canCome = (hostId: string): boolean => this.#stateOf(hostId) !== 'unreachable';
    for (;;) {
      const likely = hostsThatMayHaveRun(this.store, view, request);
      const unread = likely.filter((hostId) => !this.history.isRead(hostId));
      const coming = unread.filter(canCome);
      const left = until - this.clock.now();
      if (unread.length > 0 && (coming.length === 0 || left <= 0)) {
        throw cannotAsk(namesOf(view, unread));
      }
      const others = otherHosts(this.store, likely).filter((id) => !this.history.isTried(id) && canCome(id));
      if (coming.length + others.length === 0 || left <= 0) return;
      for (const hostId of [...coming, ...others]) {
        if (tried.has(hostId) || this.#stateOf(hostId) !== 'connected') continue;
        tried.add(hostId);
        this.history.read(hostId);
      }
      await this.history.progress(left);
    }
  }

  async #journalled(request: KeyedRequest, view: FleetView): Promise<JobRow | undefined> {
    const { command, hostKey, fingerprint } = request;
    const likely = hostsThatMayHaveRun(this.store, view, request);
    for (const hostId of likely) {
      const known = this.history.keys.find(hostId, hostKey);
      if (known === undefined) continue;
      if (known.op !== operationOfCommand(command) || (known.fingerprint ?? fingerprint) !== fingerprint)
        throw keyOfOther();
      const job = await this.#jobOf(hostId, known.operationId, view);
      if (job !== undefined) return job;
    }
    // They are not believed about a VM that they do not have, but running the request again could be worse than
    // refusing it.
    for (const hostId of otherHosts(this.store, likely)) {
      const known = this.history.keys.find(hostId, hostKey);
      if (known !== undefined) throw ranElsewhere(namesOf(view, [hostId]), known.operationId);
    }
    return undefined;
  }

  async #jobOf(hostId: string, operationId: string, view: FleetView): Promise<JobRow | undefined> {
    try {
      return await this.history.job(hostId, operationId);
    } catch (error) {
      if (error instanceof HostOperationError) throw cannotAsk(namesOf(view, [hostId]));
      throw error;
    }
  }

  #stateOf(hostId: string): string | undefined {
    return this.store.get('host', hostId)?.connection.state;
  }
}

/** Returns the names of the hosts that the principal sees. */
function namesOf(view: FleetView, hostIds: readonly string[]): string[] {
  return hostIds.flatMap((hostId) => view.get('host', hostId)?.name ?? []);
}

function ranElsewhere([host = 'A host']: readonly string[], jobId: string): ProblemError {
  return new ProblemError(
    'conflict',
    `${host} reports that it has already run this request (job ${jobId}), although it is not responsible for it now. ` +
      'Nothing was started. Check the state of the VM. To run the request again, send it with a new Idempotency-Key.',
  );
}

function parentGone({ id, title }: JobRow): ProblemError {
  return new ProblemError(
    'conflict',
    `This request has already run, and its job is no longer available (one of its children: ${title}, job ${id}). ` +
      'Nothing was started. To run the request again, send it with a new Idempotency-Key.',
  );
}

function cannotAsk(hosts: readonly string[]): ProblemError {
  const more = hosts.length > 3 ? ` and ${String(hosts.length - 3)} more` : '';
  const named = hosts.length === 0 ? '' : `: ${hosts.slice(0, 3).join(', ')}${more}`;
  return new ProblemError(
    'host-unreachable',
    `A host that may have run this request before the service restarted is unreachable${named}. ` +
      'Nothing was started. Send the request again later with the same Idempotency-Key.',
  );
}
