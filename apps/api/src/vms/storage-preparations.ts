import type { CommandRequest, Vm } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { awaitChange } from '../inventory/await-change.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { Preparations, type Prepare } from '../jobs/preparations.ts';
import { StorageNeighbours, type ConcernedFiles } from './storage-neighbours.ts';

/** The commands that attach, change, merge or delete files of disks. */
type StorageCommand = 'vm.delete' | 'disk.attach' | 'disk.grow' | 'disk.delete' | 'checkpoint.delete';

/** Returns the files that a command concerns; null if it touches none. */
type Concern<C extends StorageCommand> = (
  request: CommandRequest<C>,
  vm: Pick<Vm, 'checkpoints'>,
) => ConcernedFiles | null;

/** Time limit for a host to report the VM of a command that a restart interrupted, in milliseconds. */
const rowTimeout = 60_000;

/**
 * Completes requests that concern files with what other hosts need of the storage. Hosts are queried just before the
 * request is sent, since their needs may change while it waits (docs/vm-deletion-service.md).
 */
@Injectable()
export class StoragePreparations {
  constructor(
    private readonly neighbours: StorageNeighbours,
    private readonly store: FleetStore,
    preparations: Preparations,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    const register = <C extends StorageCommand>(command: C, concern: Concern<C>): void => {
      preparations.register(command, ({ request, subjectId }) =>
        this.#preparation<C>(request, subjectId, (vm) => concern(request, vm)),
      );
    };
    // Hyper-V merges the disks of checkpoints, whether files are deleted afterwards or not.
    register('vm.delete', ({ deleteDisks }, { checkpoints }) =>
      deleteDisks || checkpoints.length > 0 ? { deletesFiles: deleteDisks } : null,
    );
    register('disk.attach', ({ path }) => ({ deletesFiles: false, path }));
    register('disk.grow', ({ path }) => ({ deletesFiles: false, path }));
    register('disk.delete', ({ path }) => ({ deletesFiles: true, path }));
    register('checkpoint.delete', () => ({ deletesFiles: false }));
  }

  /** The row is captured, because a resumed command may have removed its VM already. */
  #preparation<C extends StorageCommand>(
    request: CommandRequest<C>,
    vmId: string,
    concern: (vm: Readonly<Vm>) => ConcernedFiles | null,
  ): Prepare<C> | undefined {
    let row = this.store.get('vm', vmId);
    if (row !== undefined && concern(row) === null) return undefined;
    return async (preparation) => {
      row ??= await this.#awaitRow(vmId, preparation.signal);
      if (row === undefined) throw vmNotSeen();
      const files = concern(row);
      if (files === null) return request;
      return { ...request, ...(await this.neighbours.filesOfOthers(row, files, preparation)) };
    };
  }

  /** Returns the row of a VM as soon as a host reports it; undefined if none does in time. */
  async #awaitRow(id: string, signal: AbortSignal): Promise<Readonly<Vm> | undefined> {
    const known = this.store.get('vm', id);
    if (known !== undefined) return known;
    await awaitChange(this.store, { kind: 'vm', id }, { clock: this.clock, timeoutMs: rowTimeout, signal });
    return this.store.get('vm', id);
  }
}

function vmNotSeen(): HostOperationError {
  return new HostOperationError('not-found', 'No host has reported the VM. Nothing was changed.', {
    began: false,
    remedy: null,
  });
}
