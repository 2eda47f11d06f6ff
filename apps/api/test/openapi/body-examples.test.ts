import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { offlineDocument } from '../../src/offline-document.ts';
import { components } from '../../src/openapi/components.ts';

interface Body {
  readonly schema: { readonly $ref: string };
  readonly examples?: Record<string, { readonly summary: string; readonly value: unknown }>;
}

/** The bodies of operations about VMs, by method and path. */
let bodies: (readonly [string, Body])[];

beforeAll(async () => {
  const { paths } = JSON.parse(await offlineDocument()) as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, Body> } }>>;
  };
  bodies = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { requestBody }]) => {
      const body = requestBody?.content['application/json'];
      return body === undefined || !path.startsWith('/api/v1/vms')
        ? []
        : [[`${method} ${path}`, body] as const];
    }),
  );
});

const nameOf = ({ schema }: Body): string => schema.$ref.replace('#/components/schemas/', '');

describe('the examples of request bodies', () => {
  test('exist for every body about VMs that has fields', () => {
    const schemas = components() as Record<string, { properties?: object }>;
    const without = bodies.filter(([, body]) => {
      const fields = Object.keys(schemas[nameOf(body)]?.properties ?? {});
      return fields.length > 0 && Object.keys(body.examples ?? {}).length === 0;
    });
    expect(bodies.length).toBeGreaterThan(20);
    expect(without.map(([name]) => name)).toEqual([]);
  });

  test('are valid', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'openapi', components: { schemas: components() } });
    const invalid = bodies.flatMap(([name, body]) => {
      const validate = ajv.compile({ $ref: `openapi#/components/schemas/${nameOf(body)}` });
      return Object.values(body.examples ?? {})
        .filter(({ value }) => !validate(value))
        .map(({ summary }) => [name, summary, validate.errors]);
    });
    expect(invalid).toEqual([]);
  });
});
