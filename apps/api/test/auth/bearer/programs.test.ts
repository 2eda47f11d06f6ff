import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { opensslMissing } from '../../support/authority.ts';
import { FakeHost } from '../../support/fake-agents.ts';
import { guid, vmFacts } from '../../support/facts.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { apiAudience, IdentityProvider } from '../../support/identity-provider.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

const programs = { backup: 's3cret-of-the-program-backup-0001' };

let provider: IdentityProvider;
let clock: FakeClock;

beforeAll(async () => {
  if (!opensslMissing) provider = await IdentityProvider.start({ programs });
});

afterAll(async () => {
  if (!opensslMissing) await provider.dispose();
});

/** Starts the service at the present time, because the provider knows no other. */
async function startService(): Promise<TestApp & { vmId: string }> {
  clock = new FakeClock(Date.now());
  const host = new FakeHost('hv01', clock);
  const vm = vmFacts(guid(1), { name: 'web01', state: 'Off', startedAt: null });
  host.vms.set(vm.vmId, vm);
  const service = await startTestApp({
    clock,
    hosts: [host],
    environment: {
      AUTH_ENABLED: 'true',
      OIDC_ISSUER_URL: provider.issuer,
      OIDC_API_AUDIENCE: apiAudience,
      OIDC_CA_FILE: provider.caFile,
    },
  });
  onTestFinished(() => service.app.close());
  return { ...service, vmId: vm.vmId };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe.skipIf(opensslMissing)('a program with a token of a real identity provider', () => {
  test('reads VMs as a reader, and is refused a change with the missing permission', async () => {
    const service = await startService();
    const token = await provider.clientCredentials('backup', 'Aether.Reader');
    const list = await service.get('/api/v1/vms', bearer(token));
    expect([list.statusCode, list.json<{ items: { name: string }[] }>().items[0]?.name]).toEqual([
      200,
      'web01',
    ]);
    const refused = await service.post(`/api/v1/vms/${service.vmId}/start`, {}, bearer(token));
    expect([refused.statusCode, refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'forbidden', detail: 'backup lacks the permission power.' }),
    ]);
  });

  test('changes VMs as a writer, and is named in the audit', async () => {
    const service = await startService();
    const token = await provider.clientCredentials('backup', 'Aether.Writer');
    const accepted = await service.post(`/api/v1/vms/${service.vmId}/start`, {}, bearer(token));
    expect(accepted.statusCode).toBe(202);
    expect(JSON.stringify(service.audit)).toContain(`${provider.issuer}#backup`);
    expect(JSON.stringify(service.audit)).not.toContain(token);
  });

  test('reads nothing without a configured scope', async () => {
    const service = await startService();
    const token = await provider.clientCredentials('backup', '');
    expect((await service.get('/api/v1/vms', bearer(token))).statusCode).toBe(403);
  });

  test('a program with a token for another API is refused', async () => {
    const service = await startService();
    const token = await provider.clientCredentials('backup', 'Aether.Reader', 'api://another');
    const response = await service.get('/api/v1/vms', bearer(token));
    expect(response.statusCode).toBe(401);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.headers['www-authenticate']).toMatch(
      /^Bearer error="invalid_token", error_description="/,
    );
  });

  test('is refused without a token, and with one in the address', async () => {
    const service = await startService();
    const token = await provider.clientCredentials('backup', 'Aether.Reader');
    expect((await service.get('/api/v1/vms')).statusCode).toBe(401);
    expect((await service.get(`/api/v1/vms?access_token=${token}`)).statusCode).toBe(401);
  });

  test('keeps its access while the provider is down, and after the provider has changed its key', async () => {
    const service = await startService();
    const before = await provider.clientCredentials('backup', 'Aether.Reader');
    expect((await service.get('/api/v1/vms', bearer(before))).statusCode).toBe(200);
    await provider.stop();
    await clock.advance(60_000);
    expect((await service.get('/api/v1/vms', bearer(before))).statusCode).toBe(200);
    await provider.resume();
    await provider.rotateKey({ dropOld: true });
    const after = await provider.clientCredentials('backup', 'Aether.Reader');
    await clock.advance(60_000);
    expect((await service.get('/api/v1/vms', bearer(after))).statusCode).toBe(200);
    expect((await service.get('/api/v1/vms', bearer(before))).statusCode).toBe(401);
  });

  test('gets 503 until a provider that is down at the start has returned', async () => {
    const token = await provider.clientCredentials('backup', 'Aether.Reader');
    await provider.stop();
    const service = await startService();
    const refused = await service.get('/api/v1/vms', bearer(token));
    expect([refused.statusCode, refused.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'provider-unavailable' }),
    ]);
    await provider.resume();
    await clock.advance(5000);
    expect((await service.get('/api/v1/vms', bearer(token))).statusCode).toBe(200);
  });
});
