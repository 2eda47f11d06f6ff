import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { readAuditSearch } from '../address/audit-search.ts';
import { readCreateSearch } from '../address/create-search.ts';
import { readListSearch, readTabSearch, readVmListSearch } from '../address/list-search.ts';
import { parsePlainSearch, plainSearch } from '../address/plain-search.ts';
import { Gate } from './gate.tsx';
import { lazyPage } from './lazy-page.tsx';
import { PageFailed } from './page-failed.tsx';

const root = createRootRoute({
  component: Gate,
  notFoundComponent: lazyPage(() => import('../pages/not-found/not-found-page.tsx'), 'NotFoundPage'),
  errorComponent: PageFailed,
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyPage(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
});
const vms = createRoute({
  getParentRoute: () => root,
  path: '/vms',
  validateSearch: readVmListSearch,
  component: lazyPage(() => import('../pages/vms/vms-page.tsx'), 'VmsPage'),
});
const vm = createRoute({
  getParentRoute: () => root,
  path: '/vms/$vmId',
  validateSearch: readTabSearch,
  component: lazyPage(() => import('../pages/vm/vm-page.tsx'), 'VmPage'),
});
const create = createRoute({
  getParentRoute: () => root,
  path: '/create',
  validateSearch: readCreateSearch,
  component: lazyPage(() => import('../pages/create/create-page.tsx'), 'CreatePage'),
});
const hosts = createRoute({
  getParentRoute: () => root,
  path: '/hosts',
  validateSearch: readListSearch,
  component: lazyPage(() => import('../pages/hosts/hosts-page.tsx'), 'HostsPage'),
});
const host = createRoute({
  getParentRoute: () => root,
  path: '/hosts/$hostId',
  validateSearch: (search: Record<string, unknown>) => ({
    ...readVmListSearch(search),
    ...readTabSearch(search),
  }),
  component: lazyPage(() => import('../pages/host/host-page.tsx'), 'HostPage'),
});
const cluster = createRoute({
  getParentRoute: () => root,
  path: '/clusters/$clusterId',
  validateSearch: (search: Record<string, unknown>) => ({
    ...readVmListSearch(search),
    ...readTabSearch(search),
  }),
  component: lazyPage(() => import('../pages/cluster/cluster-page.tsx'), 'ClusterPage'),
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: readListSearch,
  component: lazyPage(() => import('../pages/jobs/jobs-page.tsx'), 'JobsPage'),
});
const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$jobId',
  component: lazyPage(() => import('../pages/job/job-page.tsx'), 'JobPage'),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyPage(() => import('../pages/audit/audit-page.tsx'), 'AuditPage'),
});
const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  component: lazyPage(() => import('../pages/sessions/sessions-page.tsx'), 'SessionsPage'),
});
export const router = createRouter({
  routeTree: root.addChildren([overview, vms, vm, create, hosts, host, cluster, jobs, job, audit, sessions]),
  parseSearch: parsePlainSearch,
  stringifySearch: plainSearch,
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
