// Loaded with --import into a service under test: names of simulated hosts resolve to loopback, as if from their own
// DNS.
import dns from 'node:dns';

const { lookup } = dns;
const simulated = /\.(?:corp|sim)\.example\.com$/;

Object.assign(dns, {
  lookup: (hostname: string, ...rest: unknown[]) => {
    const name = simulated.test(hostname) ? '127.0.0.1' : hostname;
    return Reflect.apply(lookup, dns, [name, ...rest]) as unknown;
  },
});
