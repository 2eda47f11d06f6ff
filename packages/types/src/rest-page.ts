import { Type } from 'typebox';

/** The maximum page size of a list. */
export const maxPageSize = 1000;

/** The query parameters of a list by which its pages are selected. */
export const page = {
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'The number of items to skip.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxPageSize,
      description: 'The maximum number of items; default: 100.',
    }),
  ),
};

/** The number of items on all pages. */
export const total = Type.Integer({ minimum: 0, description: 'The number of items on all pages.' });
