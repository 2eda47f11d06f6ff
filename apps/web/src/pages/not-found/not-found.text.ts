export const notFoundTexts = {
  title: 'There is no such page',
  body: 'The address may be mistyped, or it is from another version of the console.',
  back: 'To the overview',
};
