import { expect, onTestFinished, test } from 'vitest';
import { DemoProvider } from '../src/demo-provider/demo-provider.ts';

const service = 'http://localhost:8000';

/** A browser at the provider, which keeps its cookies and follows no redirect. */
function browser(): (url: URL, form?: URLSearchParams) => Promise<Response> {
  const cookies = new Map<string, string>();
  return async (url, form) => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form !== undefined && { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
}

test('the demo provider lets everyone choose a reader, a writer or an admin, and returns to the service', async () => {
  const provider = await DemoProvider.start([service]);
  onTestFinished(() => provider.close());
  const { OIDC_ISSUER_URL: issuer, OIDC_CLIENT_ID: client } = provider.settings;
  const visit = browser();
  const begin = new URL('/auth', issuer);
  begin.search = new URLSearchParams({
    client_id: client,
    response_type: 'code',
    scope: 'openid profile offline_access',
    redirect_uri: `${service}/auth/callback`,
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
    state: 's',
  }).toString();
  let at = new URL((await visit(begin)).headers.get('location') ?? '', issuer);
  const page = await (await visit(at)).text();
  for (const user of ['reader', 'writer', 'admin']) expect(page).toContain(`value="${user}"`);
  let next = await visit(at, new URLSearchParams({ user: 'writer' }));
  for (let hops = 0; hops < 3; hops += 1) {
    at = new URL(next.headers.get('location') ?? '', at);
    if (at.origin === service) break;
    next = await visit(at);
  }
  expect(at.href).toMatch(/^http:\/\/localhost:8000\/auth\/callback\?code=.+&state=s/);
});
