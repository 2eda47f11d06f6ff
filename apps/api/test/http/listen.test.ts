import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { explainListenError } from '../../src/http/listen-error.ts';
import { startTestApp, testConfig } from '../support/test-app.ts';

describe('explainListenError', () => {
  test('reports a port in use in one line', async () => {
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
      expect(explainListenError(error, config)).toBe(`Port ${port} is in use. Set PORT to another port.`);
    } finally {
      await app.close();
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  test.each([
    ['EACCES', 'This account is not allowed to listen on port 80. Set PORT to a port above 1023.'],
    [
      'EADDRNOTAVAIL',
      'This machine does not have the address 127.0.0.1. Set BIND_ADDRESS to one of its addresses.',
    ],
  ])('explains %s', (code, text) => {
    const error = Object.assign(new Error('listen'), { code });
    expect(explainListenError(error, testConfig({ PORT: '80' }))).toBe(text);
  });

  test('returns nothing for unknown errors', () => {
    expect(explainListenError(new Error('listen'), testConfig())).toBeUndefined();
  });
});
