/** A tenant of Entra ID, as an issuer names it. */
export interface EntraTenant {
  readonly tenantId: string;
  /** The issuers of its tokens: of version 2, then of version 1. */
  readonly issuers: readonly [string, string];
}

/**
 * Hosts of version 1 issuers by those of version 2 (Microsoft Entra national cloud endpoints). The US government clouds
 * share the version 1 host of the worldwide cloud.
 */
const clouds = {
  'login.microsoftonline.com': 'sts.windows.net',
  'login.microsoftonline.us': 'sts.windows.net',
  'login.partner.microsoftonline.cn': 'sts.chinacloudapi.cn',
} as const;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Returns the tenant of an Entra ID issuer; null for any other issuer. The registration of an API determines the version of
 * its tokens, not the configured issuer, so the tenant has both issuers.
 */
export function entraTenant(issuer: string): EntraTenant | null {
  for (const [host, firstHost] of Object.entries(clouds)) {
    const found =
      between(issuer, `https://${host}/`, '/v2.0') ?? between(issuer, `https://${firstHost}/`, '/');
    if (found === undefined || !uuid.test(found)) continue;
    const tenantId = found.toLowerCase();
    return { tenantId, issuers: [`https://${host}/${tenantId}/v2.0`, `https://${firstHost}/${tenantId}/`] };
  }
  return null;
}

/** Returns the equivalent audiences of an application: Entra ID names it by its id, or by `api://` and its id. */
export function entraAudiences(audience: string): readonly string[] {
  const id = audience.replace(/^api:\/\//, '');
  return uuid.test(id) ? [id, `api://${id}`] : [audience];
}

function between(text: string, start: string, end: string): string | undefined {
  return text.startsWith(start) && text.endsWith(end) ? text.slice(start.length, -end.length) : undefined;
}
