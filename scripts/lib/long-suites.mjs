/**
 * The suites that `npm run test:long` runs in full and `npm test` samples (described in docs/testing.md). Those with
 * `service` run against the built service; a `config` of vitest is named if it is not that of the project. `sources` are the projects whose sources the suites also test.
 */
export const longSuites = [
  {
    project: 'apps/api',
    files: ['test/attacks/unread-sockets.test.ts', 'test/attacks/noisy-host.test.ts'],
  },
  {
    project: 'packages/psrp',
    files: [
      'test/fuzz',
      'test/clixml/properties.test.ts',
      'test/clixml/forbidden-characters.test.ts',
      'test/e2e/forbidden-characters.test.ts',
    ],
  },
  {
    project: 'packages/host-agent',
    files: ['test/conformance', 'test/kill', 'test/hostile', 'test/scale.test.ts'],
  },
  {
    project: 'apps/web',
    config: 'e2e/vitest.config.ts',
    files: ['e2e/accessibility.e2e.ts'],
    service: true,
  },
  {
    project: 'tools',
    files: ['test/fuzz', 'test/service-kills.test.ts', 'test/api/plans.test.ts'],
    service: true,
    sources: ['apps/api', 'packages/host-agent', 'packages/hyperv-sim', 'packages/psrp', 'packages/types'],
  },
];

/** Returns the command that runs files of a suite. */
export function vitestOf({ config }, files) {
  return ['vitest', ['run', ...(config === undefined ? [] : ['--config', config]), ...files]];
}

/** Builds the service and its console for the suites that run against them. */
export const buildOfService = {
  name: 'build of the service',
  command: ['nx', ['run-many', '-t', 'build', '-p', '@aether-v/api,@aether-v/web', '--outputStyle=static']],
};
