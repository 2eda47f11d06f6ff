import { runUserCommand } from './user-command.ts';

const [path = 'accounts.json', ...args] = process.argv.slice(2);
process.exitCode = await runUserCommand(args, path, {
  input: process.stdin,
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
});
