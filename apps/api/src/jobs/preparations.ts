import type { CommandName, CommandRequest, JobLogLine } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { DryRun } from './dry-run.ts';

/** The capabilities available to a preparation. */
export interface Preparation {
  readonly actor: string;
  readonly signal: AbortSignal;
  /** Writes a line into the log of the job. */
  note(level: JobLogLine['level'], message: string): void;
  /** The dry run that the request is completed for; absent for a job. */
  readonly dryRun?: DryRun;
}

/** The job that a preparation belongs to. */
export interface Prepared<C extends CommandName> {
  readonly request: CommandRequest<C>;
  readonly subjectId: string;
}

/**
 * Completes the request of a job just before it is sent. It is created when the job is queued, so that it can capture
 * the state at that time. If it throws, the job fails without having started on the host.
 */
export type Prepare<C extends CommandName> = (preparation: Preparation) => Promise<CommandRequest<C>>;

/** Creates the preparation of a job; undefined if the job needs none. */
type MakePrepare<C extends CommandName> = (order: Prepared<C>) => Prepare<C> | undefined;

/** The commands whose requests are completed just before they are sent, with data that is only known then. */
@Injectable()
export class Preparations {
  readonly #makers = new Map<CommandName, MakePrepare<CommandName>>();

  /** Registers the completion of a command's requests. */
  register<C extends CommandName>(command: C, make: MakePrepare<C>): void {
    // Each maker is only called for jobs of the command that it was registered for.
    this.#makers.set(command, make);
  }

  /** Returns the preparation of a job; undefined if it needs none. */
  of<C extends CommandName>(command: C, order: Prepared<C>): Prepare<C> | undefined {
    return this.#makers.get(command)?.(order);
  }
}
