import { formatCount } from '../components/format.ts';

export const planTexts = {
  checking: 'Checking…',
  ok: 'No problems found.',
  blocked: (count: number) => (count === 1 ? '1 problem found.' : `${formatCount(count)} problems found.`),
  unchecked: 'This cannot be checked in advance.',
  uncheckedBody:
    'The agent of this host is too old to check changes in advance. It checks the change when you send it, and reports any problems then.',
  again: 'Check again',
  sending: 'Sending…',
  /** The request has an idempotency key. */
  sendAgain: 'Try again. A change that the service has already accepted is not made twice.',
  lostTitle: 'The service did not confirm the change.',
  refusedTitle: 'The service refused the change.',
};
