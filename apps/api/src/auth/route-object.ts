import type { RowKind } from '@aether-v/types';

/** The parameters of routes that name an object of the fleet, with its kind. */
const kindOfParameter = { vmId: 'vm', hostId: 'host', clusterId: 'cluster', jobId: 'job' } as const;

/** The object that the path of a request names. */
export interface RouteObject {
  readonly kind: RowKind;
  readonly id: string;
}

/** Returns the object that the parameters of a route name; undefined if they name none. */
export function routeObject(params: unknown): RouteObject | undefined {
  const values = (params ?? {}) as Readonly<Record<string, string>>;
  for (const [parameter, kind] of Object.entries(kindOfParameter)) {
    const id = values[parameter];
    if (id !== undefined) return { kind, id };
  }
  return undefined;
}
