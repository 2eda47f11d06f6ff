/**
 * The import rules of docs/architecture.md, as zones for import-x/no-restricted-paths: `target` may not import from
 * `from`. test/walls.test.js plants a violation of each and expects an error.
 */

/** The packages that each project may import; nothing imports an app. */
const projects = {
  'packages/types': [],
  'packages/psrp': [],
  'packages/provisioning': ['packages/types'],
  'packages/guest-agent': ['packages/provisioning'],
  'packages/hyperv-sim': ['packages/types', 'packages/psrp'],
  'packages/host-agent': ['packages/types', 'packages/psrp', 'packages/hyperv-sim'],
  'packages/api-client': ['packages/types'],
  'apps/api': ['packages/types', 'packages/psrp'],
  'apps/web': ['packages/types', 'packages/api-client'],
};

/** Inside psrp: clixml <- core <- wsman <- client | server, process. gssapi imports no other folder. */
const psrpFolders = {
  clixml: [],
  core: ['clixml'],
  wsman: ['clixml', 'core'],
  client: ['clixml', 'core', 'wsman'],
  server: ['clixml', 'core', 'wsman'],
  process: ['clixml', 'core', 'client', 'server'],
  gssapi: [],
};

/** Inside the host adapter of the API: errors <- limits <- agent <- winrs <- connect. */
const hostAdapterFolders = {
  errors: [],
  limits: ['errors'],
  agent: ['errors', 'limits'],
  winrs: ['errors', 'limits', 'agent'],
  connect: ['errors', 'limits', 'agent', 'winrs'],
};

function zones(root, allowed, describe) {
  const names = Object.keys(allowed);
  return names.flatMap((target) =>
    names
      .filter((from) => from !== target && !allowed[target].includes(from))
      .map((from) => ({
        target: `./${root}${target}/**`,
        from: `./${root}${from}/**`,
        message: `${describe}${target} may only import: ${allowed[target].join(', ') || 'no package of this repository'}.`,
      })),
  );
}

/** @type {{ target: string | string[], from: string, message: string }[]} */
export const walls = [
  ...zones('', projects, '').map((zone) =>
    zone.target === './apps/api/**' && zone.from === './packages/host-agent/**'
      ? { ...zone, except: ['**/packages/host-agent/src/**'] }
      : zone,
  ),
  {
    target: ['./apps/api/src/*.ts', './apps/api/src/!(host-adapter)/**'],
    from: './packages/host-agent/**',
    message: 'Only apps/api/src/host-adapter may know how a host gets its agent.',
  },
  ...zones('packages/psrp/src/', psrpFolders, 'psrp/'),
  ...zones('apps/api/src/host-adapter/', hostAdapterFolders, 'host-adapter/'),
  {
    target: ['./apps/api/src/*.ts', './apps/api/src/!(host-adapter)/**'],
    from: './packages/psrp/**',
    message: 'Only apps/api/src/host-adapter may know how a host is reached.',
  },
  {
    target: [
      './apps/api/src/*.ts',
      './apps/api/src/!(host-adapter)/**',
      './apps/api/src/host-adapter/!(winrs)/**',
    ],
    from: './node_modules/winrm-client/**',
    message: 'Only apps/api/src/host-adapter/winrs may use winrm-client.',
  },
  {
    target: [
      './apps/api/src/*.ts',
      './apps/api/src/!(auth)/**',
      './apps/api/src/auth/*.ts',
      './apps/api/src/auth/!(bearer)/**',
      './apps/api/src/auth/bearer/*.ts',
    ],
    from: './node_modules/passport-azure-ad/**',
    message: 'Only the worker in apps/api/src/auth/bearer/passport-azure-ad may use passport-azure-ad.',
  },
  {
    target: [
      './apps/api/src/!(inventory|jobs|vms)/**',
      './apps/api/src/vms/!(storage-neighbours|storage-preparations).ts',
      './apps/api/src/jobs/jobs.service.ts',
      './apps/api/src/**/*.controller.ts',
    ],
    from: './apps/api/src/inventory/{fleet-store,usage-store}.ts',
    message: 'What answers requests reads the fleet as the principal sees it: use FleetViews.',
  },
  {
    target: './packages/hyperv-sim/src/engine/**',
    from: './packages/psrp/**',
    message: 'hyperv-sim/engine is pure: it must not depend on remoting.',
  },
];
