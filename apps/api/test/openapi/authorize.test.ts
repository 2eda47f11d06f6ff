import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { opensslMissing } from '../support/authority.ts';
import { apiAudience, IdentityProvider } from '../support/identity-provider.ts';
import { testConfig } from '../support/test-app.ts';

const executablePath = '/usr/bin/chromium';
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('chromium');
const missing = opensslMissing || (!existsSync(executablePath) && !required);

let browser: Browser;

beforeAll(async () => {
  if (missing) return;
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
});

afterAll(async () => {
  if (!missing) await browser.close();
});

/** The service at an address that the provider accepts with any port (RFC 8252, 7.3). */
async function startBoth() {
  const provider = await IdentityProvider.start({
    clients: [
      {
        client_id: 'docs',
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: ['http://127.0.0.1/docs/oauth2-redirect.html'],
        scope: 'openid Aether.Reader',
      },
    ],
    configuration: { clientBasedCORS: () => true },
  });
  onTestFinished(() => provider.dispose());
  const app = await createApp(
    testConfig({
      AUTH_ENABLED: 'true',
      PUBLIC_DOCS: 'true',
      OIDC_ISSUER_URL: provider.issuer,
      OIDC_API_AUDIENCE: apiAudience,
      OIDC_CA_FILE: provider.caFile,
      OIDC_DOCS_CLIENT_ID: 'docs',
    }),
  );
  await app.listen(0, '127.0.0.1');
  onTestFinished(() => app.close());
  return await app.getUrl();
}

describe.skipIf(missing)('Swagger UI', () => {
  test('signs in with the provider, and sends its token', async () => {
    const url = await startBoth();
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(`${url}/docs`);
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const form = page.locator('.auth-container', { hasText: 'authorization_code with PKCE' });
    expect(await form.getByLabel('client_id').inputValue()).toBe('docs');
    const opened = page.waitForEvent('popup');
    await form.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    const popup = await opened;
    await popup.locator('input[name=login]').fill('operator');
    await popup.locator('input[name=password]').fill('s3cret');
    await popup.locator('[type=submit]').click();
    const closed = popup.waitForEvent('close');
    await popup.getByRole('button', { name: 'Continue' }).click();
    await closed;
    await page.getByRole('button', { name: 'Remove authorization' }).first().waitFor();
    await page.locator('.close-modal').click();
    const operation = page.locator('[id$="-listVms"]');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    const answered = page.waitForResponse((response) => response.url().includes('/api/v1/vms'));
    await operation.getByRole('button', { name: 'Execute' }).click();
    expect((await answered).status()).toBe(200);
    expect(problems).toEqual([]);
  });
});
