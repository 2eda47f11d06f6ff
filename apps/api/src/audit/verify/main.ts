import { verifyFiles } from './verify-files.ts';

process.exitCode = await verifyFiles(process.argv.slice(2), {
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
});
