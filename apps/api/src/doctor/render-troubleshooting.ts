import { problemGroups } from '../host-adapter/connection-problems.ts';
import { about } from './capture/about.ts';

/** The page about hosts that cannot be used (docs/troubleshooting.md), before it is formatted. */
export function troubleshootingDocument(): string {
  const groups = problemGroups.flatMap(({ title, problems }) => [
    `### ${title}`,
    table(Object.entries(problems).map(([name, { says, remedy }]) => [`\`${name}\``, says, remedy])),
  ]);
  return [
    '# Troubleshooting',
    'The console says of a host that is away what is wrong with it. To find out more, ask the doctor:',
    '```sh\nnpm run doctor -- hv01.example.com\n```',
    'It looks at the host one layer after the other (configuration, name, TCP, TLS, authentication, session, PowerShell, ' +
      'quotas, rights, Hyper-V, agent, clock), with the settings of the service, and changes nothing there. `✓` passed, ' +
      '`✗` failed, with what to do about it, `–` cannot be told here, which is no failure. Without a host it looks at all ' +
      'of `HYPERV_HOSTS`; a host that is not configured yet is looked at as it would be. `--json` is for programs. The exit ' +
      'code is 0 where everything passed, 1 where something failed, 2 for a wrong call.',
    'How a host is set up, step by step: [host-setup.md](host-setup.md), for Kerberos [kerberos-setup.md](kerberos-setup.md).',
    '## What can be wrong',
    'Each way in which a host cannot be used has a name, the same in the doctor’s JSON and here.',
    ...groups,
    '## Sending us a description of a host',
    'Where a host behaves as no other does, a description of it helps:',
    '```sh\nnpm run doctor -- hv01.example.com --capture host.json\n```',
    'The scripts that read it are fixed, only read, and run on Windows PowerShell 5.1 and newer. The file holds:',
    list(about.holds),
    'It leaves out:',
    list(about.leavesOut),
    about.check,
    'This page is made from `apps/api/src/host-adapter/connection-problems.ts` by `npm run troubleshooting-docs -w @aether-v/api`.',
  ].join('\n\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const lines = [['Name', 'What it means', 'What to do'], ['---', '---', '---'], ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
