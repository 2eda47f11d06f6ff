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
  refusedTitle: 'The service refused the change.',
};
