import type { Host, Job, Vm } from '@aether-v/types';
import { until, type Stack } from '@aether-v/tools/stack';
import type { Page } from 'playwright-core';
import { mySessions, sessionStates } from './shown-sessions.ts';
import { shownStates, type ShownState } from './shown-states.ts';

/** The host that is unreachable in some states; it belongs to no cluster. */
const faulty = 'hv-lab';

/** Gives the fleet some jobs, and returns every page and state of the console over it. */
export async function prepareStates(stack: Stack): Promise<Readonly<Record<string, ShownState>>> {
  await stack.settled();
  const vms = await stack.vms();
  const all = await Promise.all(vms.map(({ id }) => stack.api<Vm>(`/vms/${id}`)));
  const running = all.find((vm) => vm.state === 'Running' && vm.checkpoints.length > 0);
  const off = vms.find((vm) => vm.state === 'Off' && vm.clusterId !== null);
  const deletable = vms.find((vm) => vm.state === 'Off' && vm.id !== off?.id);
  const clusterId = vms.find((vm) => vm.clusterId !== null)?.clusterId;
  const clustered = vms.find((vm) => vm.state === 'Running' && vm.clusterId !== null && !vm.critical)?.id;
  const standalone = all.find((vm) => vm.clusterId === null && vm.checkpoints.length > 0)?.id;
  if (!running || !off || !deletable || !clusterId || !clustered || !standalone)
    throw new Error('the demo fleet does not contain what the pages show');

  /** Gives a command and returns the id of its job once it has ended. */
  const ended = async (path: string, method: 'POST' | 'DELETE' = 'POST'): Promise<string> => {
    const { job } = await stack.api<{ job: Job }>(path, method, method === 'POST' ? {} : undefined);
    await until(`${job.title} has ended`, async () => {
      const { finishedAt } = await stack.api<Job>(`/jobs/${job.id}`);
      return finishedAt !== null;
    });
    return job.id;
  };
  const start = await ended(`/vms/${off.id}/start`);
  const test = await ended(`/hosts/${running.hostId}/test`);
  const query = `name=${encodeURIComponent(deletable.name)}&deleteDisks=true`;
  const deletion = await ended(`/vms/${deletable.id}?${query}`, 'DELETE');
  return {
    overview: { path: '/' },
    vms: { path: '/vms' },
    'vms-search': { path: '/vms?search=sql' },
    'vms-nothing': { path: '/vms?search=nothing-has-this-name' },
    vm: { path: `/vms/${running.id}` },
    host: { path: `/hosts/${running.hostId}` },
    cluster: { path: `/clusters/${clusterId}` },
    jobs: { path: '/jobs' },
    job: { path: `/jobs/${start}` },
    'job-test': { path: `/jobs/${test}` },
    'job-deletion': { path: `/jobs/${deletion}` },
    audit: { path: '/audit' },
    'audit-filter': { path: '/audit?search=delete&status=requested' },
    'audit-nothing': { path: '/audit?search=nothing-like-this' },
    'not-found': { path: '/no/such/page' },
    ...shownStates({ standalone, clustered }),
    ...sessionStates,
    'host-unreachable': { path: `/hosts/${faulty}`, hasUnreachableHost: true },
    'overview-unreachable': { path: '/', hasUnreachableHost: true },
    'vms-unreachable': { path: '/vms', hasUnreachableHost: true },
  };
}

/** Shows each state in the page, one after another, and calls `visit` while it is shown. */
export async function walk(
  stack: Stack,
  page: Page,
  states: readonly (readonly [string, ShownState])[],
  visit: (name: string) => Promise<void>,
): Promise<void> {
  for (const [name, state] of states.filter(([, { hasUnreachableHost }]) => !hasUnreachableHost))
    await show(stack, page, name, state, visit);
  const last = states.filter(([, { hasUnreachableHost }]) => hasUnreachableHost);
  if (last.length === 0) return;
  await stack.simulator('PUT', `/hosts/${faulty}/fault`, { kind: 'refuse' });
  await until(`${faulty} is unreachable`, async () => {
    const { connection } = await stack.api<Host>(`/hosts/${faulty}`);
    return connection.state === 'unreachable';
  });
  for (const [name, state] of last) await show(stack, page, name, state, visit);
  await stack.simulator('DELETE', `/hosts/${faulty}/fault`);
  await stack.settled();
}

async function show(
  { url }: Stack,
  page: Page,
  name: string,
  { path, act, me }: ShownState,
  visit: (name: string) => Promise<void>,
): Promise<void> {
  if (me) {
    await page.route('**/auth/me', (route) => route.fulfill({ json: me }));
    await page.route('**/auth/sessions', (route) => route.fulfill({ json: mySessions }));
  }
  await page.goto(`${url}${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await act?.(page);
  await visit(name);
  await page.unrouteAll();
  // The draft of a new VM is kept there.
  await page.evaluate(() => sessionStorage.clear());
}
