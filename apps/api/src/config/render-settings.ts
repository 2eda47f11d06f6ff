import { settings, type Setting } from './settings.ts';

const table: readonly Setting<unknown>[] = Object.values(settings);

/** The table of all settings in Markdown, for docs/configuration.md. */
export function settingsAsMarkdown(): string {
  const rows = table.map(({ variable, fallback, description }) => [
    `\`${variable}\``,
    fallback === null || fallback === '' ? '' : `\`${fallback}\``,
    description,
  ]);
  const lines = [['Variable', 'Default', 'Meaning'], ['---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The example of an environment file: every setting, commented out, with its default. */
export function settingsAsEnvExample(): string {
  const blocks = table.map(
    ({ variable, fallback, description, example }) =>
      `# ${description}\n#${variable}=${example ?? fallback ?? ''}`,
  );
  return `${blocks.join('\n\n')}\n`;
}
