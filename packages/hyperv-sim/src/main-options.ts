import { demoFleet, parametricFleet, type FleetSpec } from './engine/index.ts';

/** The options of the program. */
export interface MainOptions {
  readonly port: number;
  readonly adminPort: number;
  readonly seed: string;
  readonly username: string;
  readonly password: string;
  readonly fleet: FleetSpec;
  /** The authentication of the hosts instead of Basic. */
  readonly negotiate?: { readonly keytab: string } | { readonly ntlm: true };
  /** Files with the certificate and key to serve HTTPS with. */
  readonly tlsFiles?: { readonly cert: string; readonly key: string };
  /** The name in the hosts' URLs. */
  readonly hostname?: string;
  /** Exit when the parent closes standard input or its channel to this process. */
  readonly exitWithParent: boolean;
}

/** Reads an integer from the environment, within its bounds. */
interface NumberOption {
  readonly fallback: number;
  readonly low: number;
  readonly high: number;
}

const numbers = {
  SIM_PORT: { fallback: 0, low: 0, high: 65_535 },
  SIM_ADMIN_PORT: { fallback: 0, low: 0, high: 65_535 },
  SIM_HOSTS: { fallback: 0, low: 0, high: 1_000 },
  SIM_VMS_PER_HOST: { fallback: 20, low: 0, high: 4_096 },
  SIM_HOSTS_PER_CLUSTER: { fallback: 0, low: 0, high: 64 },
} as const satisfies Record<string, NumberOption>;

/**
 * Reads the options from the environment. With SIM_HOSTS the fleet is a parametric one of that size, otherwise the demo
 * fleet. Throws an `Error` that names every invalid variable.
 */
export function readMainOptions(environment: Readonly<Record<string, string | undefined>>): MainOptions {
  const problems: string[] = [];
  const number = (name: keyof typeof numbers): number => {
    const { fallback, low, high } = numbers[name];
    const text = environment[name] ?? '';
    if (text === '') return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    problems.push(`${name} is to be a whole number from ${low} to ${high}, not "${text}".`);
    return fallback;
  };
  const text = (name: string): string | undefined => environment[name] || undefined;
  const hosts = number('SIM_HOSTS');
  const vmsPerHost = number('SIM_VMS_PER_HOST');
  const hostsPerCluster = number('SIM_HOSTS_PER_CLUSTER');
  const hostname = text('SIM_HOSTNAME');
  const options: MainOptions = {
    port: number('SIM_PORT'),
    adminPort: number('SIM_ADMIN_PORT'),
    seed: environment['SIM_SEED'] ?? 'aether-v',
    username: environment['SIM_USERNAME'] ?? 'simulator',
    password: environment['SIM_PASSWORD'] ?? 'simulator',
    fleet: hosts === 0 ? demoFleet : parametricFleet({ hosts, vmsPerHost, hostsPerCluster }),
    exitWithParent: environment['SIM_EXIT_WITH_PARENT'] === '1',
    ...negotiateOf(text, problems),
    ...tlsFilesOf(text, problems),
    ...(hostname !== undefined && { hostname }),
  };
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return options;
}

type Text = (name: string) => string | undefined;

function negotiateOf(text: Text, problems: string[]): Pick<MainOptions, 'negotiate'> {
  const auth = text('SIM_AUTH') ?? 'basic';
  const keytab = text('SIM_KEYTAB');
  switch (auth) {
    case 'basic':
      return {};
    case 'kerberos':
      if (keytab !== undefined) return { negotiate: { keytab } };
      problems.push("SIM_AUTH=kerberos needs SIM_KEYTAB, the path of the hosts' keytab.");
      return {};
    case 'ntlm':
      if (text('NTLM_USER_FILE') === undefined) {
        problems.push('SIM_AUTH=ntlm needs NTLM_USER_FILE, with a line DOMAIN:user:password for each user.');
      }
      return { negotiate: { ntlm: true } };
    default:
      problems.push(`SIM_AUTH is to be basic, kerberos or ntlm, not "${auth}".`);
      return {};
  }
}

function tlsFilesOf(text: Text, problems: string[]): Pick<MainOptions, 'tlsFiles'> {
  const [cert, key] = [text('SIM_TLS_CERT'), text('SIM_TLS_KEY')];
  if (cert !== undefined && key !== undefined) return { tlsFiles: { cert, key } };
  if (cert !== key) problems.push('SIM_TLS_CERT and SIM_TLS_KEY belong together: paths of PEM files.');
  return {};
}
