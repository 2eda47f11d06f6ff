import type { Setting } from './setting.ts';
import { settings } from './settings.ts';

const table: readonly Setting<unknown>[] = Object.values(settings);

/** Renders docs/configuration.md, before formatting: a table of all settings, then the details of some. */
export function configurationDocument(): string {
  const rows = table.map(({ variable, fallback, description }) => {
    const [summary = '', ...details] = description.split('\n');
    const name = details.length === 0 ? `\`${variable}\`` : `[\`${variable}\`](#${variable.toLowerCase()})`;
    return [name, fallback === null || fallback === '' ? '' : `\`${fallback}\``, summary];
  });
  const lines = [['Variable', 'Default', 'Meaning'], ['---', '---', '---'], ...rows];
  return [
    '# Configuration',
    'The service reads these environment variables when it starts, or lines in a file `.env` (see `.env.example`). If values ' +
      'are invalid, it prints all problems and ends with exit code 1. Variables with details are links.',
    lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    ...table.flatMap(detailsOf),
    'This page is generated from `apps/api/src/config/settings.ts` by `npm run config-docs -w @aether-v/api`.',
  ].join('\n\n');
}

function detailsOf({ variable, description }: Setting<unknown>): readonly string[] {
  const [, ...details] = description.split('\n');
  return details.length === 0
    ? []
    : [`## \`${variable}\``, details.map((detail) => `- ${detail}`).join('\n')];
}

/** Renders .env.example: every setting, commented out, with its default. */
export function envExample(): string {
  const blocks = table.map(
    ({ variable, fallback, description, example }) =>
      `# ${description.replaceAll('\n', '\n# ')}\n#${variable}=${example ?? fallback ?? ''}`,
  );
  return `${blocks.join('\n\n')}\n`;
}
