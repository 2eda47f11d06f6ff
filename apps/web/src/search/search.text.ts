export const searchTexts = {
  chips: 'Filters',
  remove: (term: string) => `Remove the filter ${term}`,
  removed: (term: string) => `The filter ${term} was removed.`,
  suggestions: 'Suggestions',
  help: 'Type a prefix such as host: for suggestions. Backspace removes the last filter.',
};
