import { formatCount } from '../components/format.ts';

export const planTexts = {
  checking: 'Checking…',
  ok: 'Nothing stands in the way.',
  blocked: (count: number) =>
    count === 1 ? 'One thing stands in the way.' : `${formatCount(count)} things stand in the way.`,
  unchecked: 'This cannot be checked in advance.',
  uncheckedBody:
    'The agent of this host is older than the service. It checks the change when it carries it out, and reports what stands in the way.',
  again: 'Check again',
  cancel: 'Cancel',
  sending: 'Sending…',
  /** The request has an idempotency key. */
  sendAgain: 'Try again. A change that the service has already accepted is not made twice.',
  lostTitle: 'The change is not confirmed.',
  refusedTitle: 'The service refused the change.',
};
