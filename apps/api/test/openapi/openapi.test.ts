import { readFileSync } from 'node:fs';
import { fleetEvents, vmActionNames } from '@aether-v/types';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { offlineDocument } from '../../src/offline-document.ts';
import { components } from '../../src/openapi/components.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let text: string;
let service: TestApp;

beforeAll(async () => {
  text = await offlineDocument();
  service = await startTestApp();
});

afterAll(() => service.app.close());

describe('the OpenAPI document', () => {
  test('the OpenAPI document matches the file that the client is generated from', () => {
    const checkedIn = new URL('../../../../packages/api-client/openapi.json', import.meta.url);
    expect(readFileSync(checkedIn, 'utf8')).toBe(text);
  });

  test('has every component of the contract, each a valid schema whose references exist', () => {
    const schemas = components();
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining(['Job', 'Problem', 'RowEvent', 'Vm', 'VmList']),
    );
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'openapi', components: { schemas } });
    for (const name of Object.keys(schemas)) {
      expect(() => ajv.compile({ $ref: `openapi#/components/schemas/${name}` }), name).not.toThrow();
    }
  });

  test('has every action and names the payload of every event', () => {
    const { paths } = JSON.parse(text) as { paths: Record<string, unknown> };
    for (const action of vmActionNames)
      expect(paths).toHaveProperty([`/api/v1/vms/{vmId}/${action}`, 'post']);
    const events = JSON.stringify(paths['/api/v1/events']);
    for (const name of Object.keys(fleetEvents)) expect(events).toContain(name);
  });

  test.each([
    '/docs',
    '/docs/swagger-ui.css',
    '/docs/swagger-ui-bundle.js',
    '/docs/start.js',
    '/redoc',
    '/redoc/redoc.standalone.js',
  ])('is shown by %s from local files only', async (url) => {
    const response = await service.get(url);
    expect(response.statusCode).toBe(200);
    if (response.headers['content-type']?.toString().includes('html') === true) {
      expect(response.body).not.toMatch(/https?:\/\//);
      expect(response.body).not.toMatch(/<script>/);
    }
  });
});
