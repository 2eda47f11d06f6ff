import type { Response as Answer } from 'light-my-request';
import { Agent, fetch, type Response } from 'undici';
import { sessionCookieName } from '../../src/auth/sessions/session-cookie.ts';
import type { SignInProvider } from './sign-in-provider.ts';
import type { TestApp } from './test-app.ts';

/** Cookies of one site, without their rules. */
class Jar {
  readonly cookies = new Map<string, string>();

  get header(): Record<string, string> {
    const pairs = [...this.cookies].map(([name, value]) => `${name}=${value}`);
    return pairs.length === 0 ? {} : { cookie: pairs.join('; ') };
  }

  store(setCookie: readonly string[]): void {
    for (const line of setCookie) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** A person's browser that follows redirects between the service in memory and the provider. */
export class TestBrowser {
  readonly jar = new Jar();
  readonly #atProvider = new Jar();
  readonly #agent: Agent;
  readonly #issuer: string;
  readonly #origin: string;
  service: TestApp;

  constructor(service: TestApp, { provider, origin }: SignInProvider) {
    this.service = service;
    this.#issuer = provider.issuer;
    this.#origin = origin;
    this.#agent = new Agent({ connect: { ca: provider.caCertificate } });
  }

  /** The value of the session cookie. */
  get session(): string | undefined {
    return this.jar.cookies.get(sessionCookieName);
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send('GET', url, headers);
  }

  async post(url: string): Promise<Answer> {
    return this.#send('POST', url, { 'content-type': 'application/json' });
  }

  /** Signs in, and returns the answer of the callback. */
  async signIn(user: string, returnTo = '/'): Promise<Answer> {
    const begun = await this.get(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
    return this.get(await this.atProvider(String(begun.headers.location), user));
  }

  /** Signs in at the provider, and returns the path of the service to which it redirects. */
  async atProvider(address: string, user: string): Promise<string> {
    let next = new URL(address);
    for (let hops = 0; hops < 10; hops += 1) {
      if (next.origin === this.#origin) return next.href.slice(this.#origin.length);
      const page = await this.#visit(next);
      const location = page.headers.get('location');
      if (location !== null) {
        next = new URL(location, next);
        continue;
      }
      const form = new URLSearchParams({ prompt: 'login', login: user, password: 'x' });
      const answer = await this.#visit(next, form);
      const after = answer.headers.get('location');
      if (after === null) throw new Error(`${next.href}: ${answer.status} ${await answer.text()}`);
      next = new URL(after, next);
    }
    throw new Error(`The provider redirects without end: ${next.href}`);
  }

  /** Signs out at the provider, which reports that to the service before it answers. */
  async signOutAtProvider(): Promise<void> {
    const page = await this.#visit(new URL(`${this.#issuer}/session/end`));
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    const form = new URLSearchParams({ xsrf, logout: 'yes' });
    await this.#visit(new URL(`${this.#issuer}/session/end/confirm`), form);
  }

  /** Sends a request to the provider with this browser's cookies; redirects are returned. */
  async #visit(url: URL, form?: URLSearchParams): Promise<Response> {
    const answer = await fetch(url, {
      redirect: 'manual',
      dispatcher: this.#agent,
      headers: this.#atProvider.header,
      ...(form !== undefined && { method: 'POST', body: form }),
    });
    this.#atProvider.store(answer.headers.getSetCookie());
    return answer;
  }

  async #send(method: 'GET' | 'POST', url: string, headers: Record<string, string>): Promise<Answer> {
    const answer = await this.service.send({
      method,
      url,
      headers: { host: new URL(this.#origin).host, ...headers, ...this.jar.header },
      ...(method === 'POST' && { payload: '{}' }),
    });
    this.jar.store([answer.headers['set-cookie'] ?? []].flat());
    return answer;
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}
