import type { Job } from '@aether-v/types';
import { useCallback, useState } from 'react';
import { sendCommand, type Asked } from '../actions/run-action.ts';
import { useFollowJob } from '../actions/use-follow-job.tsx';
import type { ApiProblem } from '../fleet/problem.ts';
import { useFleet } from '../fleet/fleet-context.ts';
import { planTexts } from './plan.text.ts';

type Refused = Extract<Asked, { readonly accepted: false }>;

/** The sending of a form. */
export interface Sending {
  readonly isSending: boolean;
  /** The refusal of the latest attempt; null if there was none. */
  readonly refused: Refused | null;
  /** Sends a command; resolves with its job, or with null if it was refused. Then the form stays open. */
  readonly send: (command: () => Promise<Job>) => Promise<Job | null>;
}

/** Sends commands of a form, one at a time; `onRefused` is called with each refusal. */
export function useSending(onRefused?: (problem: ApiProblem) => void): Sending {
  const fleet = useFleet();
  const [isSending, setSending] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  return {
    isSending,
    refused,
    async send(command) {
      if (isSending) return null;
      setSending(true);
      setRefused(null);
      const asked = await sendCommand(fleet, command);
      setSending(false);
      if (asked.accepted) return asked.job;
      const { what } = asked.text;
      setRefused(asked.problem ? asked : { ...asked, text: { what, todo: planTexts.sendAgain } });
      if (asked.problem) onRefused?.(asked.problem);
      return null;
    },
  };
}

/** Returns a function that follows the job of a form: the dock shows it, so only its failure needs a toast. */
export function useFollowChange(): (job: Job) => Promise<Job | null> {
  const follow = useFollowJob();
  return useCallback(
    (job) =>
      follow(job, { toastId: `${job.command} ${job.subject.id}`, title: job.title, started: job.title }),
    [follow],
  );
}
