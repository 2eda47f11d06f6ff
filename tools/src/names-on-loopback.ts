// Loaded with --import into a service under test: the names of simulated hosts lead to loopback, as a DNS of theirs would.
import dns from 'node:dns';

const { lookup } = dns;
const simulated = /\.(?:corp|sim)\.example\.com$/;

Object.assign(dns, {
  lookup: (hostname: string, ...rest: unknown[]) => {
    const name = simulated.test(hostname) ? '127.0.0.1' : hostname;
    return Reflect.apply(lookup, dns, [name, ...rest]) as unknown;
  },
});
