export * from './values.ts';
export { ClixmlError, type ClixmlErrorCode } from './errors.ts';
export { parseClixml, parseClixmlValue, type ParseLimits } from './reader.ts';
export { maxWrittenDepth, writeClixml, type WriteOptions } from './writer.ts';
export { toPlain, type PlainLimits } from './plain.ts';
