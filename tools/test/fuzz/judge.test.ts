import { describe, expect, test } from 'vitest';
import type { Call } from './calls.ts';
import { ApiDocument } from './document.ts';
import { fault, type Answer } from './judge.ts';
import { Statuses } from './statuses.ts';

const json = { content: { 'application/json': { schema: { type: 'object' } } } };
const document = new ApiDocument({
  paths: {
    '/vms/{vmId}': {
      get: { operationId: 'getVm', responses: { 200: json, 431: json } },
      delete: { operationId: 'deleteVm', responses: { 202: json, 409: json, 502: json, 503: json } },
    },
    '/vms/bulk': { post: { operationId: 'runBulk', responses: { 202: json, 422: json } } },
  },
  components: {},
});

function call(id: string, changes: Partial<Call> = {}): Call {
  const operation = document.operations.find((one) => one.id === id);
  if (operation === undefined) throw new Error(`There is no operation ${id}.`);
  const { method, path } = operation;
  return { operation, method, url: path, headers: {}, body: undefined, flaw: undefined, ...changes };
}

function answer(status: number, headers: Record<string, string> = {}): Answer {
  const usual = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  return { status, headers: new Headers({ ...usual, ...headers }), text: '{}' };
}

const judge = (one: Call, response: Answer): string | undefined => fault(document, one, response);

describe('the judge of the fuzz', () => {
  test('accepts a documented success and a documented 503', () => {
    expect(judge(call('deleteVm'), answer(202))).toBeUndefined();
    expect(judge(call('deleteVm'), answer(503))).toBeUndefined();
  });

  test('reports every other server error, also a documented one', () => {
    expect(judge(call('deleteVm'), answer(502))).toContain('status 502');
    expect(judge(call('getVm'), answer(500))).toContain('status 500');
    expect(judge(call('getVm', { method: 'PUT' }), answer(501))).toContain('status 501');
  });

  test('reports a status that is not documented, and the success of an invalid request', () => {
    expect(judge(call('runBulk'), answer(503))).toContain('not documented');
    expect(judge(call('runBulk', { flaw: 'the query repeats dryRun' }), answer(202))).toContain('although');
  });

  test('accepts 405 with Allow for a method that is not declared', () => {
    const allow = { allow: 'DELETE, GET, HEAD' };
    expect(judge(call('getVm', { method: 'PUT' }), answer(405, allow))).toBeUndefined();
    expect(judge(call('getVm', { method: 'PUT' }), answer(405))).toContain('Allow lacks GET');
    expect(judge(call('runBulk', { method: 'HEAD' }), answer(405, { allow: 'POST' }))).toBeUndefined();
  });

  test('accepts 404 for a method that is not declared only if the path is unknown', () => {
    expect(judge(call('getVm', { method: 'PUT', url: '/vms/a/b' }), answer(404))).toBeUndefined();
    expect(judge(call('getVm', { method: 'PUT', url: '/vms/%2e%2e/a' }), answer(404))).toBeUndefined();
    expect(judge(call('getVm', { method: 'PUT', url: '/vms/a' }), answer(404))).toContain('status 404');
    expect(judge(call('runBulk', { method: 'PUT' }), answer(422))).toContain('status 422');
  });

  test('accepts 431 for a method that is not declared if the operation documents it', () => {
    expect(judge(call('getVm', { method: 'PUT' }), answer(431))).toBeUndefined();
    expect(judge(call('runBulk', { method: 'PUT' }), answer(431))).toContain('status 431');
  });

  test('judges the method of another operation by that operation', () => {
    expect(judge(call('getVm', { method: 'DELETE' }), answer(409))).toBeUndefined();
    expect(judge(call('getVm', { method: 'DELETE' }), answer(415))).toContain('not documented');
    expect(judge(call('deleteVm', { method: 'HEAD' }), answer(200))).toBeUndefined();
  });
});

describe('the statuses of the fuzz', () => {
  const [getVm, deleteVm] = ['getVm', 'deleteVm'].map((id) => call(id).operation) as [
    Call['operation'],
    Call['operation'],
  ];

  test('lack each operation that was not called', () => {
    const statuses = new Statuses();
    expect(statuses.lacking(getVm)).toEqual(['a call']);
    statuses.add(call('getVm'), answer(404));
    expect(statuses.lacking(getVm)).toEqual([]);
    statuses.add(call('getVm', { method: 'DELETE' }), answer(202));
    expect(statuses.lacking(deleteVm)).toEqual(['a call']);
  });

  test('lack the success of a change until it succeeds other than as a plan', () => {
    const statuses = new Statuses();
    statuses.add(call('deleteVm', { url: '/vms/a?dryRun=true' }), answer(200));
    statuses.add(call('deleteVm', { flaw: 'the query lacks name' }), answer(422));
    expect(statuses.lacking(deleteVm)).toEqual(['a success']);
    statuses.add(call('deleteVm'), answer(202));
    expect(statuses.lacking(deleteVm)).toEqual([]);
  });

  test('lack the refusal of an invalid change until its form is refused', () => {
    const statuses = new Statuses();
    statuses.add(call('deleteVm'), answer(202));
    statuses.add(call('deleteVm', { flaw: 'the query lacks name' }), answer(404));
    statuses.add(call('deleteVm'), answer(422));
    expect(statuses.lacking(deleteVm)).toEqual(['a refusal of an invalid request']);
    statuses.add(call('deleteVm', { flaw: 'the query lacks name' }), answer(422));
    expect(statuses.lacking(deleteVm)).toEqual([]);
  });

  test('are printed as a table of counts by operation', () => {
    const statuses = new Statuses();
    for (const status of [202, 409, 202]) statuses.add(call('deleteVm'), answer(status));
    statuses.add(call('getVm'), answer(200));
    statuses.add(call('getVm', { method: 'PUT' }), answer(405));
    expect(statuses.table().split('\n')).toEqual([
      'deleteVm       202×2  409×1',
      'getVm          200×1',
      'other methods  405×1',
    ]);
  });
});
