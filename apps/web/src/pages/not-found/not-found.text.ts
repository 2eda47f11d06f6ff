export const notFoundTexts = {
  title: 'Page not found',
  body: 'The address may be mistyped or belong to another version of the console.',
  back: 'Go to overview',
};
