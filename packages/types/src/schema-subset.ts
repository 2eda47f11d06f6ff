/**
 * The keywords of JSON Schema that the contract's schemas may use. An agent has its own small interpreter of them (Windows
 * PowerShell 5.1 has no Test-Json), so what is not in this table does not exist. Lengths count code points, as JSON
 * Schema says.
 */
export const schemaKeywords = {
  type: 'One of object, array, string, integer, number, boolean, null. An integer may be written with a zero fraction.',
  properties: 'Each property that is there must fit its schema.',
  required: 'These properties must be there.',
  additionalProperties: 'Only as false: no other properties.',
  items: 'Each element must fit it.',
  minItems: 'The least elements.',
  maxItems: 'The most elements.',
  anyOf: 'One of these schemas must fit.',
  not: 'Only as {}: nothing fits.',
  const: 'Exactly this string, number or boolean.',
  enum: 'One of these strings, upper and lower case being different.',
  pattern: 'Begins with ^ and ends with $, the end of the whole text: \\z in .NET. No flags.',
  minLength: 'The least code points.',
  maxLength: 'The most code points.',
  minimum: 'The least number.',
  maximum: 'The greatest number.',
  multipleOf: 'Only on integers, and a whole number.',
  description: 'For people; checks nothing.',
} as const satisfies Readonly<Record<string, string>>;

/** A keyword that the contract's schemas may use. */
export type SchemaKeyword = keyof typeof schemaKeywords;
