import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SseParser } from '../../src/fleet/sse-parser.ts';

const text =
  ': ping\n\nevent: hello\ndata: {"a":1}\n\nid: a.7\r\nevent: row\r\ndata: one\r\ndata: two\r\n\r\nretry: 5\ndata:bare\n\ndata\n\nid: a.8\n\n';
const messages = [
  { event: 'hello', data: '{"a":1}', id: null },
  { event: 'row', data: 'one\ntwo', id: 'a.7' },
  { event: 'message', data: 'bare', id: 'a.7' },
  { event: 'message', data: '', id: 'a.7' },
];

test('reads events, comments, both line ends, several data lines and lasting ids', () => {
  expect(new SseParser().push(text)).toEqual(messages);
});

test('chunks may be cut anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 12 }), (cuts) => {
      const parser = new SseParser();
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      const chunks = at.slice(1).map((end, n) => text.slice(at[n], end));
      expect(chunks.flatMap((chunk) => parser.push(chunk))).toEqual(messages);
    }),
  );
});

test('an event that is not finished is not told', () => {
  const parser = new SseParser();
  expect(parser.push('data: x\n')).toEqual([]);
  expect(parser.push('\n')).toHaveLength(1);
});
