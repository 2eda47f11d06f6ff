import { ESLint } from 'eslint';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Violations: each file is planted in memory; its imports are real. */
const breaches = [
  ['types imports psrp', 'packages/types/src/planted.ts', '@aether-v/psrp/core'],
  ['psrp imports types', 'packages/psrp/src/core/planted.ts', '@aether-v/types'],
  ['provisioning imports psrp', 'packages/provisioning/src/planted.ts', '@aether-v/psrp/core'],
  ['psrp imports types by path', 'packages/psrp/src/core/planted.ts', '../../../types/src/index.ts'],
  ['hyperv-sim imports api', 'packages/hyperv-sim/src/planted.ts', '../../../apps/api/src/main.ts'],
  ['api imports hyperv-sim', 'apps/api/src/planted.ts', '@aether-v/hyperv-sim/engine'],
  [
    'hyperv-sim imports host-agent',
    'packages/hyperv-sim/src/planted.ts',
    '../../host-agent/scripts/shipped-files.ts',
  ],
  [
    'api imports host-agent',
    'apps/api/src/planted.ts',
    '../../../packages/host-agent/scripts/shipped-files.ts',
  ],
  [
    'api outside host-adapter imports host-agent',
    'apps/api/src/jobs/planted.ts',
    '@aether-v/host-agent/session-text',
  ],
  ['web imports psrp', 'apps/web/src/planted.ts', '@aether-v/psrp/client'],
  ['web imports hyperv-sim', 'apps/web/src/planted.ts', '@aether-v/hyperv-sim/engine'],
  ['api outside host-adapter imports psrp', 'apps/api/src/jobs/planted.ts', '@aether-v/psrp/client'],
  ['api at its root imports psrp', 'apps/api/src/planted.ts', '@aether-v/psrp/client'],
  ['clixml imports core', 'packages/psrp/src/clixml/planted.ts', '../core/index.ts'],
  ['core imports wsman', 'packages/psrp/src/core/planted.ts', '../wsman/index.ts'],
  ['wsman imports client', 'packages/psrp/src/wsman/planted.ts', '../client/index.ts'],
  ['client imports server', 'packages/psrp/src/client/planted.ts', '../server/index.ts'],
  ['client imports gssapi', 'packages/psrp/src/client/planted.ts', '../gssapi/index.ts'],
  ['gssapi imports client', 'packages/psrp/src/gssapi/planted.ts', '../client/index.ts'],
  [
    'host-adapter/agent imports connect',
    'apps/api/src/host-adapter/agent/planted.ts',
    '../connect/host-channel.ts',
  ],
  [
    'host-adapter/connect imports winrm-client',
    'apps/api/src/host-adapter/connect/planted.ts',
    'winrm-client',
  ],
  [
    'host-adapter/limits imports agent',
    'apps/api/src/host-adapter/limits/planted.ts',
    '../agent/line-reader.ts',
  ],
  [
    'auth/bearer imports passport-azure-ad',
    'apps/api/src/auth/bearer/planted.ts',
    'passport-azure-ad/lib/bearerstrategy.js',
  ],
  [
    'a controller imports the store',
    'apps/api/src/clusters/planted.controller.ts',
    '../inventory/fleet-store.ts',
  ],
  [
    'a controller of the inventory imports the store',
    'apps/api/src/inventory/planted.controller.ts',
    './fleet-store.ts',
  ],
  [
    'a controller of jobs imports the store',
    'apps/api/src/jobs/planted.controller.ts',
    '../inventory/fleet-store.ts',
  ],
  [
    'the service of jobs imports the store',
    'apps/api/src/jobs/jobs.service.ts',
    '../inventory/fleet-store.ts',
  ],
  [
    'a service of VMs imports the store',
    'apps/api/src/vms/planted.service.ts',
    '../inventory/fleet-store.ts',
  ],
  ['a service of hosts imports the samples', 'apps/api/src/hosts/planted.ts', '../inventory/usage-store.ts'],
  ['an event stream imports the store', 'apps/api/src/events/planted.ts', '../inventory/fleet-store.ts'],
  ['the engine imports psrp', 'packages/hyperv-sim/src/engine/planted.ts', '@aether-v/psrp/core'],
];

const allowed = [
  ['host-adapter imports psrp', 'apps/api/src/host-adapter/connect/planted.ts', '@aether-v/psrp/client'],
  [
    'host-adapter imports the text of the agent',
    'apps/api/src/host-adapter/agent/planted.ts',
    '@aether-v/host-agent/session-text',
  ],
  ['web imports types', 'apps/web/src/planted.ts', '@aether-v/types'],
  ['core imports clixml', 'packages/psrp/src/core/planted.ts', '../clixml/index.ts'],
  ['a job imports the store', 'apps/api/src/jobs/planted.ts', '../inventory/fleet-store.ts'],
  ['a service of VMs imports views', 'apps/api/src/vms/planted.service.ts', '../inventory/fleet-views.ts'],
  ['hyperv-sim imports psrp', 'packages/hyperv-sim/src/fleet/planted.ts', '@aether-v/psrp/server'],
];

const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => ruleId.startsWith('import-x/'),
  // The rules need no types, and planted files belong to no TypeScript project.
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

async function lint(file, specifier) {
  const code = `import * as other from '${specifier}';\nexport const planted = other;\n`;
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return result.messages.map((message) => message.ruleId ?? message.message);
}

describe('the import rules', { timeout: 60_000 }, () => {
  test.each(breaches)('%s: refused', async (_what, file, specifier) => {
    expect(await lint(file, specifier)).toContain('import-x/no-restricted-paths');
  });

  test.each(allowed)('%s: allowed', async (_what, file, specifier) => {
    expect(await lint(file, specifier)).toEqual([]);
  });
});
