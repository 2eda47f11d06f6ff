import type { Setting } from './setting.ts';
import { settings } from './settings.ts';

const table: readonly Setting<unknown>[] = Object.values(settings);

/** Renders docs/configuration.md, before formatting: an index of all settings, then a section for each. */
export function configurationDocument(): string {
  const rows = table.map(({ variable, fallback }) => [
    `[\`${variable}\`](#${variable.toLowerCase()})`,
    code(fallback),
  ]);
  const lines = [['Variable', 'Default'], ['---', '---'], ...rows];
  return [
    '# Configuration',
    'The service reads these environment variables when it starts, or lines in a file `.env` (see `.env.example`). If values ' +
      'are invalid, it prints all problems and ends with exit code 1.',
    lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    ...table.flatMap(section),
    '---',
    'This page is generated from `apps/api/src/config/settings.ts` by `npm run config-docs -w @aether-v/api`.',
  ].join('\n\n');
}

function section({
  variable,
  fallback,
  description,
  isSecret,
  examples = {},
}: Setting<unknown>): readonly string[] {
  const [summary = '', ...details] = description.split('\n');
  const samples = Object.entries(examples).map(([purpose, value]) => `# ${purpose}\n${variable}=${value}`);
  return [
    `## \`${variable}\``,
    summary,
    ...(details.length === 0 ? [] : [details.map((detail) => `- ${detail}`).join('\n')]),
    ...(samples.length === 0 ? [] : ['Examples:', `\`\`\`ini\n${samples.join('\n')}\n\`\`\``]),
    ...(isSecret === true ? [`\`${variable}_FILE\` can name a file that contains the value.`] : []),
    ...(code(fallback) === '' ? [] : [`Default: ${code(fallback)}`]),
  ];
}

function code(value: string | null): string {
  return value === null || value === '' ? '' : `\`${value}\``;
}

/** Renders .env.example: every setting, commented out, with its default or first example. */
export function envExample(): string {
  const blocks = table.map(({ variable, fallback, description, examples = {} }) => {
    const value = Object.values(examples)[0] ?? fallback ?? '';
    return `# ${description.replaceAll('\n', '\n# ')}\n#${variable}=${value}`;
  });
  return `${blocks.join('\n\n')}\n`;
}
