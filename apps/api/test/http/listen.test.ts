import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { explainListenError } from '../../src/http/listen-error.ts';
import { startTestApp, testConfig } from '../support/test-app.ts';

describe('explainListenError', () => {
  it('says in one line that the port is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const { app } = await startTestApp();
    try {
      const error: unknown = await app.listen(port, '127.0.0.1').then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const config = testConfig({ PORT: String(port) });
      expect(explainListenError(error, config)).toBe(`Port ${port} is in use; set PORT to another one.`);
    } finally {
      await app.close();
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  it.each([
    ['EACCES', 'Port 80 may not be used by this account; set PORT to one above 1023.'],
    ['EADDRNOTAVAIL', 'This machine has no address 127.0.0.1; set BIND_ADDRESS to one that it has.'],
  ])('explains %s', (code, text) => {
    const error = Object.assign(new Error('listen'), { code });
    expect(explainListenError(error, testConfig({ PORT: '80' }))).toBe(text);
  });

  it('leaves what it does not know to its stack', () => {
    expect(explainListenError(new Error('listen'), testConfig())).toBeUndefined();
  });
});
