export const vmListTexts = {
  search: 'Search virtual machines',
  placeholder: 'Name, address, guest or notes',
  states: 'State',
  anyState: 'Any state',
  clear: 'Clear filter',
  emptyFilter: 'Nothing matches',
  emptyFilterBody: 'No virtual machine matches this search and these states.',
};
