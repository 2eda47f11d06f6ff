import { addKey, usage } from './add-key.ts';

try {
  const { key, file, expires } = addKey(process.argv.slice(2), process.env, Date.now());
  const end = expires === null ? 'The key does not expire.' : `The key expires at ${expires}.`;
  process.stderr.write(`Added to ${file}. ${end} It is shown only once:\n`);
  process.stdout.write(`${key}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
  process.exitCode = 2;
}
