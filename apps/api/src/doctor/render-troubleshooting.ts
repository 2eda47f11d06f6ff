import { problemGroups } from '../host-adapter/errors/connection-problems.ts';
import { about } from './capture/about.ts';

/** Renders docs/troubleshooting.md, before formatting. */
export function troubleshootingDocument(): string {
  const groups = problemGroups.flatMap(({ title, problems }) => [
    `## ${title}`,
    ...Object.entries(problems).flatMap(([name, { says, remedy }]) => [
      `### \`${name}\``,
      says,
      `**Remedy:** ${remedy}`,
    ]),
  ]);
  return [
    '# Troubleshooting',
    'The console shows why a host is unreachable. For details run the doctor:',
    '```sh\nnpm run doctor -- hv01.example.org\n```',
    'It checks the host layer by layer, with the settings of the service, and changes nothing: configuration, name, TCP, ' +
      'TLS, authentication, session, PowerShell, quotas, rights, Hyper-V, agent, clock.',
    list([
      '`✓` passed; `✗` failed, with the remedy; `–` inconclusive, which is not a failure',
      'without a host: checks all hosts in `HYPERV_HOSTS`',
      'a host that is not in `HYPERV_HOSTS`: checked as if it were',
      '`--json`: output for programs',
      'exit code: 0 if everything passed, 1 if something failed, 2 for invalid arguments',
    ]),
    'To set up a host, see [host-setup.md](host-setup.md); for Kerberos [kerberos-setup.md](kerberos-setup.md).',
    'The sections below describe each problem and its remedy, under the name that the doctor’s JSON output uses.',
    ...groups,
    '## Sending a description of a host',
    'If a host behaves unexpectedly, a description helps us to reproduce it:',
    '```sh\nnpm run doctor -- hv01.example.org --capture host.json\n```',
    'The scripts that collect it are fixed, read-only, and run on Windows PowerShell 5.1 and newer. The file contains:',
    list(about.holds),
    'It does not contain:',
    list(about.leavesOut),
    about.check,
    'This page is generated from `apps/api/src/host-adapter/errors/connection-problems.ts` by `npm run troubleshooting-docs -w @aether-v/api`.',
  ].join('\n\n');
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
