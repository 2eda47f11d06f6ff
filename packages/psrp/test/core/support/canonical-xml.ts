import { SaxesParser } from 'saxes';

interface Node {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: (Node | string)[];
}

/** The order in which PowerShell writes the parts of an object; other clients have others. */
const partOrder = ['TN', 'TNRef', 'ToString', 'Props', 'MS'];

/**
 * CLIXML in one spelling: attributes sorted, an object's parts in PowerShell's order, references numbered as they then
 * occur, surrogates escaped (PowerShell does so everywhere, others not in `ToString`). Two texts that mean the same give the same, and nothing else is forgiven.
 */
export function canonicalXml(xml: string): string {
  const root = parse(xml);
  const objects = new Map<string, number>();
  const types = new Map<string, number>();
  return root.children.map((child) => write(child, objects, types)).join('');
}

function parse(xml: string): Node {
  const root: Node = { name: '', attributes: new Map(), children: [] };
  const stack = [root];
  const parser = new SaxesParser({ fragment: true });
  parser.on('opentag', ({ name, attributes }) => {
    const pairs = Object.entries(attributes).map(([key, value]): [string, string] => [key, String(value)]);
    const node: Node = { name, attributes: new Map(pairs), children: [] };
    stack.at(-1)?.children.push(node);
    stack.push(node);
  });
  parser.on('closetag', () => stack.pop());
  parser.on('text', (text) => stack.at(-1)?.children.push(text));
  parser.write(xml.replace(/^\uFEFF/, '')).close();
  return root;
}

function write(node: Node | string, objects: Map<string, number>, types: Map<string, number>): string {
  if (typeof node === 'string') return escape(node);
  const numbers = node.name === 'TN' || node.name === 'TNRef' ? types : objects;
  const id = node.attributes.get('RefId');
  if (id !== undefined && !numbers.has(id)) numbers.set(id, numbers.size);
  const attributes = [...node.attributes]
    .map(([name, value]) => (name === 'RefId' ? [name, String(numbers.get(value))] : [name, value]))
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map(([name, value]) => ` ${name}="${escape(value ?? '')}"`);
  const children = node.name === 'Obj' ? sorted(node.children) : node.children;
  const content = children.map((child) => write(child, objects, types)).join('');
  return `<${node.name}${attributes.join('')}>${content}</${node.name}>`;
}

function sorted(children: Node['children']): Node['children'] {
  const rank = (child: Node | string): number => {
    const place = partOrder.indexOf(typeof child === 'string' ? '' : child.name);
    // What an object wraps stands between its text and its properties.
    return place === -1 ? 2.5 : place;
  };
  return children.toSorted((a, b) => rank(a) - rank(b));
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/[\uD800-\uDFFF]/g, (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase()}_`);
}
