export const vmListTexts = {
  search: 'Search virtual machines',
  placeholder: 'Name, address, guest or notes',
  states: 'State',
  anyState: 'Any state',
  clear: 'Clear filter',
  unknownStates: (words: readonly string[]) =>
    `The address names states that do not exist: ${words.join(', ')}. They are ignored.`,
  emptyFilter: 'No matches',
  emptyFilterBody: 'No virtual machine matches the search and the selected states.',
};
