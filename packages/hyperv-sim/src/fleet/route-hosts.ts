import type { RequestListener } from 'node:http';
import type { HyperVEngine } from '../engine/index.ts';
import type { HostEndpoint } from './host-endpoint.ts';

/**
 * Routes requests to hosts. `/hosts/{id}/wsman` names the host. For `/wsman`, the path of real hosts, the Host header
 * decides: it is the FQDN of a host or of a cluster. A cluster's name leads to its first node without a fault, which
 * acts as the owner of the name.
 */
export function routeHosts(
  engine: HyperVEngine,
  endpoints: ReadonlyMap<string, HostEndpoint>,
): RequestListener {
  const byPath = new Map([...endpoints].map(([hostId, host]) => [`/hosts/${hostId}/wsman`, host]));
  const isCalled = ({ hostId, gate }: HostEndpoint, name: string): boolean =>
    engine.host(hostId).fqdn === name || (engine.cluster(hostId)?.fqdn === name && gate.fault === null);
  const byName = (name: string): HostEndpoint | undefined =>
    [...endpoints.values()].find((host) => isCalled(host, name));
  return (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const name = (request.headers.host ?? '').split(':', 1)[0] ?? '';
    const host = byPath.get(path) ?? (path === '/wsman' ? byName(name) : undefined);
    if (host === undefined) response.writeHead(404, { 'content-length': 0 }).end();
    else host.listener.handle(request, response);
  };
}
