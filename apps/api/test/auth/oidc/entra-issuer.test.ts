import { describe, expect, test } from 'vitest';
import { entraAudiences, entraTenant } from '../../../src/auth/oidc/entra-issuer.ts';

const tid = '11111111-1111-4111-8111-111111111111';

describe('entraTenant', () => {
  test.each([
    [`https://login.microsoftonline.com/${tid}/v2.0`, 'login.microsoftonline.com', 'sts.windows.net'],
    [`https://sts.windows.net/${tid}/`, 'login.microsoftonline.com', 'sts.windows.net'],
    [`https://login.microsoftonline.us/${tid}/v2.0`, 'login.microsoftonline.us', 'sts.windows.net'],
    [
      `https://login.partner.microsoftonline.cn/${tid}/v2.0`,
      'login.partner.microsoftonline.cn',
      'sts.chinacloudapi.cn',
    ],
    [`https://sts.chinacloudapi.cn/${tid}/`, 'login.partner.microsoftonline.cn', 'sts.chinacloudapi.cn'],
    [
      `https://login.microsoftonline.com/${tid.toUpperCase()}/v2.0`,
      'login.microsoftonline.com',
      'sts.windows.net',
    ],
  ])('knows both issuers of the tenant of %s', (issuer, second, first) => {
    expect(entraTenant(issuer)).toEqual({
      tenantId: tid,
      issuers: [`https://${second}/${tid}/v2.0`, `https://${first}/${tid}/`],
    });
  });

  test.each([
    'https://idp.example.org',
    'https://login.microsoftonline.com/common/v2.0',
    'https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0',
    `https://login.microsoftonline.com/${tid}/`,
    `https://login.microsoftonline.com/${tid}/v2.0/`,
    `https://sts.windows.net/${tid}`,
    `https://sts.windows.net/${tid}/v2.0`,
    `https://login.microsoftonline.com.example.org/${tid}/v2.0`,
    `http://login.microsoftonline.com/${tid}/v2.0`,
    `https://login.microsoftonline.com/${tid}/x/v2.0`,
  ])('does not take %s for a tenant', (issuer) => {
    expect(entraTenant(issuer)).toBeNull();
  });
});

describe('entraAudiences', () => {
  test('means both forms of an application id', () => {
    expect(entraAudiences(tid)).toEqual([tid, `api://${tid}`]);
    expect(entraAudiences(`api://${tid}`)).toEqual([tid, `api://${tid}`]);
  });

  test('means exactly any other audience', () => {
    expect(entraAudiences('api://aether-v')).toEqual(['api://aether-v']);
  });
});
