/**
 * The JSON Schema keywords that the contract's schemas may use. An agent has its own small interpreter of them (Windows
 * PowerShell 5.1 has no Test-Json), so other keywords are not supported. Lengths count code points, as in JSON Schema.
 */
export const schemaKeywords = {
  type: 'One of object, array, string, integer, number, boolean, null. An integer may be written with a zero fraction.',
  properties: 'Each property that is present must match its schema.',
  required: 'These properties must be present.',
  additionalProperties: 'Only as false: no other properties are allowed.',
  items: 'Each element must match it.',
  minItems: 'The minimum number of elements.',
  maxItems: 'The maximum number of elements.',
  anyOf: 'At least one of these schemas must match.',
  not: 'Only as {}: nothing matches.',
  const: 'Exactly this string, number or boolean.',
  enum: 'One of these strings, case-sensitive.',
  pattern: 'Begins with ^ and ends with $, the end of the whole text: \\z in .NET. No flags.',
  minLength: 'The minimum number of code points.',
  maxLength: 'The maximum number of code points.',
  minimum: 'The minimum value.',
  maximum: 'The maximum value.',
  multipleOf: 'Only on integers, and a whole number.',
  description: 'Documentation; validates nothing.',
  $id: 'Names the schema in the OpenAPI document; validates nothing.',
} as const satisfies Readonly<Record<string, string>>;

/** A JSON Schema keyword that the contract's schemas may use. */
export type SchemaKeyword = keyof typeof schemaKeywords;
