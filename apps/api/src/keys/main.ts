import { addKey, usage } from './add-key.ts';

try {
  const { key, file, expires } = addKey(process.argv.slice(2), process.env, Date.now());
  const end = expires === null ? 'It has no end.' : `It ends at ${expires}.`;
  process.stderr.write(`Added to ${file}. ${end} The key is shown only now:\n`);
  process.stdout.write(`${key}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
  process.exitCode = 2;
}
