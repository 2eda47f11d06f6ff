import {
  commandOperation,
  takesTurns,
  type CommandName,
  type CommandRequest,
  type JournalNote,
  type JobSubject,
} from '@aether-v/types';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { KeyedRequest } from './idempotency.ts';
import { JobLanes } from './job-lanes.ts';
import { JobRunner } from './job-runner.ts';
import { JournalNotes, type NoteContent } from './journal-notes.ts';
import { Preparations } from './preparations.ts';
import { QueuePositions } from './queue-positions.ts';
import { hasSecrets, withoutSecrets } from './without-secrets.ts';

/** A job of one command on one host, as data. */
export interface JobOrder<C extends CommandName = CommandName> {
  readonly command: C;
  readonly request: CommandRequest<C>;
  readonly hostId: string;
  readonly subject: JobSubject & { readonly id: string; readonly name: string };
  readonly actor: NoteContent['actor'];
  /** The time at which the service accepted it. */
  readonly acceptedAt: string;
  readonly keyed: KeyedRequest | undefined;
  /** Its place in its parent, with the plan until a journal contains it. */
  readonly parent?: NoteContent['parent'];
  /** The job that it retries. */
  readonly retryOf?: string;
  /** True if it may have been sent before the last start of the service. */
  readonly mayHaveBegun?: boolean;
  /** Called after a response of its host, perhaps repeatedly: the journal then contains the note. */
  readonly onBegun?: () => void;
}

/** The queue of jobs per host. */
@Injectable()
export class JobQueue implements BeforeApplicationShutdown {
  readonly #log = new Logger('Jobs');
  readonly #lanes = new JobLanes();
  /** Removes a job from its queue. */
  readonly #waiting = new Map<string, AbortController>();
  readonly #shutdown = new AbortController();

  constructor(
    private readonly runner: JobRunner,
    private readonly notes: JournalNotes,
    private readonly preparations: Preparations,
    private readonly positions: QueuePositions,
  ) {}

  /** Operations continue without the service; after the next start, hosts' journals show how they ended. */
  beforeApplicationShutdown(): void {
    this.#shutdown.abort(new Error('The service is shutting down.'));
    for (const controller of this.#waiting.values()) controller.abort();
  }

  /** Aborted when the service shuts down. */
  get shutdown(): AbortSignal {
    return this.#shutdown.signal;
  }

  /** Creates the note of a job for its host's journal. @throws ProblemError if it is too long for a journal. */
  note<C extends CommandName>(jobId: string, order: JobOrder<C>): JournalNote {
    const { command, request, hostId, subject, actor, acceptedAt, parent, retryOf } = order;
    const op = commandOperation(command);
    return this.notes.sign(hostId, jobId, op.name, {
      command,
      subject,
      actor,
      acceptedAt,
      request: withoutSecrets(op.request, request),
      ...(hasSecrets(command, request) ? { hasSecrets: true } : {}),
      ...(parent === undefined ? {} : { parent }),
      ...(retryOf === undefined ? {} : { retryOf }),
    });
  }

  /** Queues a job whose row exists. */
  add<C extends CommandName>(jobId: string, order: JobOrder<C>, note: JournalNote): void {
    const { command, request, hostId, subject, actor, keyed, mayHaveBegun = false, onBegun } = order;
    const operation = {
      jobId,
      hostId,
      op: commandOperation(command).name,
      request,
      prepare: this.preparations.of(command, { request, subjectId: subject.id }),
      actor: actor.name,
      keyed,
      note,
      mayHaveBegun,
      onBegun,
    };
    const controller = new AbortController();
    this.#waiting.set(jobId, controller);
    const run = (): Promise<void> => {
      this.positions.leave(hostId, jobId);
      return this.runner.run(operation, this.#shutdown.signal, controller.signal);
    };
    this.positions.enter(hostId, jobId);
    const turn = takesTurns(command) ? `${subject.kind} ${subject.id}` : null;
    this.#lanes
      .add({ hostId, turn, run, signal: controller.signal })
      .catch((error: unknown) => this.#log.error(`Job ${jobId} left its queue: ${String(error)}`))
      .finally(() => {
        this.#waiting.delete(jobId);
        this.positions.leave(hostId, jobId);
      });
  }

  /** Removes a job from its queue, if it is still waiting. */
  remove(jobId: string): void {
    this.#waiting.get(jobId)?.abort();
  }
}
