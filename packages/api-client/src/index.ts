export * from './generated/index.ts';
export { client } from './generated/client.gen.ts';
export * from './generated/@tanstack/react-query.gen.ts';
