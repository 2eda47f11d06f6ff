import { vectorsOf, type Vector } from '../../../packages/types/scripts/schema-vectors.ts';
import type { ApiDocument, Json, Operation, Parameter } from './document.ts';
import type { LiveFleet } from './live-fleet.ts';
import type { Random } from './random.ts';

/** A request, and whether all its parts match the document. */
export interface Call {
  readonly operation: Operation;
  /** Differs from that of the operation if the address does not have it. */
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Why the service must refuse it; undefined if all parts match the document. */
  readonly flaw: string | undefined;
}

/** Ids are accepted in upper case and with braces. */
const idNames = /Ids?$/;

const junk = [
  '%00',
  '%2e%2e',
  'a%2fb',
  '%F0%9F%98%80',
  'x'.repeat(300),
  "'%20or%201=1--",
  '{}',
  '-1',
  'null',
];

/** Makes calls of the operations of a document, with parts that just match it and parts that just do not. */
export class CallMaker {
  readonly #document: ApiDocument;
  readonly #fleet: LiveFleet;
  readonly #random: Random;
  readonly #vectors = new Map<Json, readonly Vector[]>();

  constructor(document: ApiDocument, fleet: LiveFleet, random: Random) {
    this.#document = document;
    this.#fleet = fleet;
    this.#random = random;
  }

  /** Makes a call of the operation. */
  call(operation: Operation): Call {
    const random = this.#random;
    const flaws: string[] = [];
    const { path, vmId } = this.#path(operation);
    const query = this.#query(operation, vmId, flaws);
    const { headers, body } = this.#body(operation, vmId, flaws);
    return {
      operation,
      method: random.chance(0.03)
        ? random.pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])
        : operation.method,
      url: `${path}${query === '' ? '' : `?${query}`}`,
      headers: { ...this.#headers(operation), ...headers },
      body,
      flaw: flaws[0],
    };
  }

  #path(operation: Operation): { readonly path: string; readonly vmId: string | undefined } {
    const random = this.#random;
    let vmId: string | undefined;
    // Few VMs are paused.
    const state = operation.id === 'resumeVm' && random.chance(0.7) ? 'Paused' : undefined;
    const parts = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const live =
        name === 'vmId' ? this.#fleet.vmWith(parts, state, random) : this.#fleet.valueOf(name, vmId, random);
      if (name === 'vmId') vmId = live;
      if (live === undefined || random.chance(0.1)) return this.#fleet.unknownId(name);
      if (random.chance(0.05)) return random.pick(junk);
      return encodeURIComponent(random.chance(0.1) && idNames.test(name) ? live.toUpperCase() : live);
    });
    return { path: random.chance(0.03) ? `${path}/` : path, vmId };
  }

  #query(operation: Operation, vmId: string | undefined, flaws: string[]): string {
    const random = this.#random;
    const parts: string[] = [];
    for (const parameter of operation.parameters) {
      if (parameter.in !== 'query') continue;
      const { name, required, explode, schema } = parameter;
      // A plan changes nothing, so that the fleet lasts longer.
      const isGiven = name === 'dryRun' ? random.chance(0.6) : random.chance(required ? 0.95 : 0.25);
      if (!isGiven) {
        if (required) flaws.push(`the query lacks ${name}`);
        continue;
      }
      const texts = this.#queryTexts(parameter, vmId);
      if (!this.#acceptsTexts(parameter, texts)) flaws.push(`the query has an invalid ${name}`);
      if (explode === false) parts.push(`${name}=${texts.map(encodeURIComponent).join(',')}`);
      else parts.push(...texts.map((text) => `${name}=${encodeURIComponent(text)}`));
      if (schema['type'] !== 'array' && random.chance(0.02)) {
        parts.push(`${name}=again`);
        flaws.push(`the query repeats ${name}`);
      }
    }
    return parts.join('&');
  }

  #queryTexts({ name, schema }: Parameter, vmId: string | undefined): string[] {
    const random = this.#random;
    const live = this.#fleet.valueOf(name, vmId, random);
    if (live !== undefined && random.chance(0.6)) return [live];
    const { json } = this.#vector(schema, 0.7);
    const value: unknown = JSON.parse(json);
    const values: unknown[] = Array.isArray(value) ? value : [value];
    // A lone surrogate has no encoding in an address.
    return values.map((one) => (typeof one === 'string' ? one.toWellFormed() : JSON.stringify(one)));
  }

  /** Returns whether the texts of a query are valid as the values that they stand for. */
  #acceptsTexts({ name, schema, explode }: Parameter, texts: readonly string[]): boolean {
    const spelt = idNames.test(name) ? texts.map(speltId) : texts;
    if (schema['type'] === 'array') {
      const values = explode === false ? spelt.flatMap((text) => text.split(',')) : spelt;
      return values.length === 0 || this.#document.mismatch(schema, values) === undefined;
    }
    const [text = ''] = spelt;
    return texts.length <= 1 && this.#document.mismatch(schema, fromText(schema['type'], text)) === undefined;
  }

  #body(
    { body: documented, method }: Operation,
    vmId: string | undefined,
    flaws: string[],
  ): { readonly headers: Record<string, string>; readonly body: string | undefined } {
    const random = this.#random;
    const json = { 'content-type': 'application/json' };
    if (method === 'GET') return { headers: {}, body: undefined };
    if (documented === undefined) {
      if (method === 'POST' && random.chance(0.1)) {
        flaws.push('the body is not a JSON object');
        return { headers: json, body: random.pick(['{', '[]', 'null', '1', '"a"']) };
      }
      return method === 'DELETE' && random.chance(0.7)
        ? { headers: {}, body: undefined }
        : { headers: json, body: method === 'DELETE' ? undefined : '{}' };
    }
    const wrong = random.next();
    if (wrong < 0.02) {
      flaws.push('the body is not JSON');
      return {
        headers: json,
        body: random.pick(['{', '[]', 'null', '1', '"a"', '{"a":1,}', '{"__proto__":{}}', '\uFEFF{']),
      };
    }
    if (wrong < 0.04) {
      flaws.push('the content type is not JSON');
      return {
        headers: { 'content-type': random.pick(['text/plain', 'multipart/form-data', 'application/xml']) },
        body: '{}',
      };
    }
    if (wrong < 0.045) {
      flaws.push('the body is too large');
      return { headers: json, body: JSON.stringify({ notes: 'x'.repeat(1_100_000) }) };
    }
    const { json: text, valid } = this.#vector(documented.schema, 0.75);
    if (!valid && this.#document.mismatch(documented.schema, speltIds(JSON.parse(text))) !== undefined) {
      flaws.push(`the body does not match its schema: ${text.slice(0, 200)}`);
      return { headers: json, body: text };
    }
    const whole: unknown = JSON.parse(text);
    const schema = this.#document.resolved(documented.schema);
    const value = this.#enliven(random.chance(0.7) ? this.#thin(whole, schema) : whole, vmId);
    const mismatch = this.#document.mismatch(documented.schema, value);
    return { headers: json, body: mismatch === undefined ? JSON.stringify(value) : text };
  }

  /** Removes most optional fields: many do not apply together, which no schema says. */
  #thin(value: unknown, schema: Json): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#thin(one, (schema['items'] ?? {}) as Json));
    if (typeof value !== 'object' || value === null) return value;
    const required = (schema['required'] ?? []) as readonly string[];
    const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Json>>;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
        const isKept = required.includes(key) || this.#random.chance(0.15);
        return isKept ? [[key, this.#thin(one, properties[key] ?? {})]] : [];
      }),
    );
  }

  /** Replaces most names and ids of a valid body by such that exist. */
  #enliven(value: unknown, vmId: string | undefined, name = ''): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#enliven(one, vmId, name));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, one]: [string, unknown]) => [key, this.#enliven(one, vmId, key)]),
      );
    }
    if (typeof value !== 'string' || !this.#random.chance(0.85)) return value;
    return this.#fleet.valueOf(name, vmId, this.#random) ?? value;
  }

  #headers({ parameters }: Operation): Record<string, string> {
    const random = this.#random;
    const takesKey = parameters.some(({ name }) => name === 'Idempotency-Key');
    return {
      ...(takesKey && random.chance(0.2)
        ? { 'idempotency-key': `fuzz-key-${Math.floor(random.next() * 40)}` }
        : {}),
      ...(random.chance(0.05) ? { 'if-none-match': random.pick(['*', '"x"', 'W/"1.1-x"', ',,']) } : {}),
      ...(random.chance(0.05) ? { 'if-match': random.pick(['*', '"x"', 'nothing']) } : {}),
      ...(random.chance(0.05)
        ? { accept: random.pick(['text/html', 'image/png', '*/*', 'application/json;q=0']) }
        : {}),
    };
  }

  /** Returns a value of a schema that is valid with this probability. */
  #vector(schema: Json, validity: number): Vector {
    let vectors = this.#vectors.get(schema);
    if (vectors === undefined) {
      vectors = vectorsOf(this.#document.resolved(schema));
      this.#vectors.set(schema, vectors);
    }
    const isValid = this.#random.chance(validity);
    const fitting = vectors.filter(({ valid }) => valid === isValid);
    return this.#random.pick(fitting.length === 0 ? vectors : fitting);
  }
}

/** Spells an id as the document does: in lower case, without braces. */
function speltId(text: string): string {
  return text.toLowerCase().replace(/^\{([0-9a-f-]{36})\}/, '$1');
}

/** Spells the ids in a body as the document does. */
function speltIds(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => speltIds(one, name));
  if (typeof value === 'string') return idNames.test(name) ? speltId(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]: [string, unknown]) => [key, speltIds(one, key)]),
  );
}

/** Converts the text of a query as the service does. */
function fromText(type: unknown, text: string): unknown {
  if (type === 'integer' && /^-?[0-9]{1,15}$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
