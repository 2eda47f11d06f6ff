import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** A part of the document. */
export type Json = Readonly<Record<string, unknown>>;

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Json;
  /** False if the values of a list are separated by commas. */
  readonly explode?: boolean;
}

/** A documented response. */
export interface DocumentedResponse {
  readonly headers?: Json;
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>;
}

/** An operation of the document, with its references to components resolved. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly schema: Json } | undefined;
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: { readonly 'application/json': { readonly schema: Json } };
  };
  readonly responses: Readonly<Record<string, Json>>;
}

interface Text {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: Json;
}

/** The OpenAPI document of a service. */
export class ApiDocument {
  readonly operations: readonly Operation[];
  readonly #text: Text;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<Json, ValidateFunction>();

  constructor(text: Text) {
    this.#text = text;
    // Extensions and formats of OpenAPI are not keywords of JSON Schema.
    this.#ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
    this.#ajv.addSchema({ $id: 'openapi', components: text.components });
    this.operations = Object.entries(text.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => this.#operation(path, method, operation)),
    );
  }

  static async of(serviceUrl: string): Promise<ApiDocument> {
    const response = await fetch(new URL('/openapi.json', serviceUrl));
    return new ApiDocument((await response.json()) as Text);
  }

  /** Returns whether an address, as a client sends it, belongs to an operation of any method. */
  hasPath(url: string): boolean {
    const { pathname: path } = new URL(url, 'http://localhost');
    return this.operations.some((one) => {
      const parts = one.path.split(/\{\w+\}/).map((part) => part.replace(/\W/g, '\\$&'));
      return new RegExp(`^${parts.join('[^/]+')}/?$`).test(path);
    });
  }

  /** Returns why a value does not match a schema of the document; undefined if it matches. */
  mismatch(schema: Json, value: unknown): string | undefined {
    let validate = this.#validators.get(schema);
    if (validate === undefined) {
      validate = this.#ajv.compile(absolute(schema) as Json);
      this.#validators.set(schema, validate);
    }
    return validate(value) ? undefined : this.#ajv.errorsText(validate.errors);
  }

  /** Returns a schema without references. */
  resolved(schema: Json): Json {
    return this.#resolve(schema) as Json;
  }

  #operation(path: string, method: string, documented: DocumentedOperation): Operation {
    const { operationId, parameters = [], requestBody, responses } = documented;
    return {
      id: operationId,
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody && {
        required: requestBody.required ?? false,
        schema: requestBody.content['application/json'].schema,
      },
      responses: Object.fromEntries(
        Object.entries(responses).map(([status, response]) => [
          status,
          (typeof response['$ref'] === 'string'
            ? this.#component(response['$ref'])
            : response) as DocumentedResponse,
        ]),
      ),
    };
  }

  #component(reference: string): unknown {
    const [, , kind = '', name = ''] = reference.split('/');
    return (this.#text.components[kind] as Json)[name];
  }

  #resolve(part: unknown): unknown {
    if (Array.isArray(part)) return part.map((one) => this.#resolve(one));
    if (typeof part !== 'object' || part === null) return part;
    const { $ref: reference, ...rest } = part as Json;
    if (typeof reference === 'string') return this.#resolve(this.#component(reference));
    return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, this.#resolve(value)]));
  }
}

/** Lets the references of a schema name the registered document. */
function absolute(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(absolute);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `openapi${value}` : absolute(value),
    ]),
  );
}
