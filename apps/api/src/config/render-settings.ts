import { settings, type Setting } from './settings.ts';

const table: readonly Setting<unknown>[] = Object.values(settings);

/** The documentation of all settings (docs/configuration.md), before it is formatted. */
export function configurationDocument(): string {
  const rows = table.map(({ variable, fallback, description }) => [
    `\`${variable}\``,
    fallback === null || fallback === '' ? '' : `\`${fallback}\``,
    description,
  ]);
  const lines = [['Variable', 'Default', 'Meaning'], ['---', '---', '---'], ...rows];
  return [
    '# Configuration',
    'The service reads its configuration from environment variables when it starts. If anything in them cannot be used, it ' +
      'says so, all at once, and ends with exit code 1.',
    lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    'This page is made from `apps/api/src/config/settings.ts` by `npm run config-docs -w @aether-v/api`.',
  ].join('\n\n');
}

/** The example of an environment file (.env.example): every setting, commented out, with its default. */
export function envExample(): string {
  const blocks = table.map(
    ({ variable, fallback, description, example }) =>
      `# ${description}\n#${variable}=${example ?? fallback ?? ''}`,
  );
  return `${blocks.join('\n\n')}\n`;
}
