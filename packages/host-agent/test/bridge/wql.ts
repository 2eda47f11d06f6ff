/** A property of an instance as WMI gives it. */
export type CimValue =
  string | number | boolean | null | CimDate | CimInterval | readonly CimValue[] | CimObject;

/** A moment, or a length of time, that becomes a .NET value on the other side. */
export interface CimDate {
  readonly $date: string;
}
export interface CimInterval {
  readonly $seconds: number;
}

/** An instance: its properties by name. */
export interface CimObject {
  readonly [property: string]: CimValue;
}

function likeToPattern(like: string): RegExp {
  const literal = like.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('%', '.*')}$`, 'is');
}

/**
 * A WQL condition of the few forms that the agent uses: `A='x'` and `A LIKE '%x%'`, joined by OR. Anything else throws, so
 * that the stub never answers a question that it did not understand.
 */
export function compileCondition(condition: string): (row: CimObject) => boolean {
  const parts = condition.split(' OR ').map((part) => {
    const found = /^([A-Za-z]+)( LIKE |=)'((?:[^'\\]|\\.)*)'$/.exec(part);
    const [, property = '', operator, escaped = ''] = found ?? [];
    const value = escaped.replace(/\\(.)/g, '$1');
    if (!operator) throw new Error(`Not a condition that the stub knows: ${part}`);
    const matches =
      operator === '='
        ? (text: string) => text.toLowerCase() === value.toLowerCase()
        : (text: string) => likeToPattern(value).test(text);
    return (row: CimObject): boolean => {
      if (!(property in row)) throw new Error(`There is no property ${property} here.`);
      const held = row[property];
      return typeof held === 'string' && matches(held);
    };
  });
  return (row) => parts.some((part) => part(row));
}

/** Class and condition of `SELECT * FROM class [WHERE condition]`. */
export function parseQuery(query: string): { readonly className: string; readonly condition: string } {
  const found = /^SELECT \* FROM ([A-Za-z0-9_]+)(?: WHERE (.+))?$/.exec(query);
  const [, className, condition = ''] = found ?? [];
  if (className === undefined) throw new Error(`Not a query that the stub knows: ${query}`);
  return { className, condition };
}
