import { parseArgs } from 'node:util';

/** What the doctor is asked to do. */
export interface DoctorArguments {
  /** An entry of HYPERV_HOSTS; null is all of them. */
  readonly host: string | null;
  readonly json: boolean;
  /** Where to write what a host can be described by; null writes nothing. */
  readonly capture: string | null;
}

/** How it is called. */
export const usage = `Usage: npm run doctor -- [HOST] [--json] [--capture FILE]

Checks a host layer by layer and explains the first failure and its remedy.

  HOST            an entry of HYPERV_HOSTS, or a new one; default: all configured hosts
  --json          writes the result as JSON
  --capture FILE  also writes a description of the host without names, for a report

Settings come from the environment and the file .env, as for the service.
Exit code: 0 if everything passed, 1 if something failed, 2 for invalid arguments.
`;

/** Reads the command line; what is wrong with it comes back as a text. */
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
  if (another !== undefined) return { wrong: 'Only one host at a time.' };
  if (host?.includes(',') === true)
    return { wrong: 'Only one host at a time. Without a host, all are checked.' };
  if (values.capture !== undefined && host === null) return { wrong: '--capture needs a host.' };
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
