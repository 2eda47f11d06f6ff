import { expect, test } from 'vitest';
import { startTestApp } from '../support/test-app.ts';

test('/auth/me describes the local administrator while there is no sign-in', async () => {
  const service = await startTestApp();
  const me = await service.get('/auth/me');
  await service.app.close();
  expect(me.statusCode).toBe(200);
  expect(me.json()).toMatchObject({
    principal: { id: 'local-administrator', method: 'local', role: 'admin', notice: null },
    session: null,
    signIn: [],
  });
});
