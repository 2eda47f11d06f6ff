import { parseArgs } from 'node:util';

/** The parsed command line of the doctor. */
export interface DoctorArguments {
  /** An entry of HYPERV_HOSTS; null means all of them. */
  readonly host: string | null;
  readonly json: boolean;
  /** The output file of a host description; null if none is wanted. */
  readonly capture: string | null;
}

/** Help text of the command. */
export const usage = `Usage: npm run doctor -- [HOST] [--json] [--capture FILE]

Checks a host layer by layer and explains the first failure and its remedy.

  HOST            an entry of HYPERV_HOSTS, or a new one; default: all configured hosts
  --json          writes the result as JSON
  --capture FILE  also writes a description of the host without names, for a report

Settings come from the environment and the file .env, as for the service.
Exit code: 0 if everything passed, 1 if something failed, 2 for invalid arguments.
`;

/** Parses the command line, or returns a message about the first invalid argument. */
export function readArguments(args: readonly string[]): DoctorArguments | { readonly wrong: string } {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  const [host = null, another] = positionals;
  if (values.help === true) return { wrong: '' };
  if (another !== undefined) return { wrong: 'Name only one host.' };
  if (host?.includes(',') === true)
    return { wrong: 'Name only one host, or none to check all configured hosts.' };
  if (values.capture !== undefined && host === null) return { wrong: '--capture requires a host.' };
  return { host, json: values.json === true, capture: values.capture ?? null };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      capture: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
