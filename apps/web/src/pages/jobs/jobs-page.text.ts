export const jobsPageTexts = {
  title: 'Jobs',
  table: 'Jobs',
  search: 'Search jobs',
  placeholder: 'Words, state:, host:, vm:, who:, action:, since: …',
  keys: {
    state: 'State, or unacknowledged',
    host: 'Host that runs it',
    vm: 'Virtual machine',
    who: 'Person or program that started it',
    action: 'Command',
    since: 'Requested within 2h or 7d, or since today or a date',
    until: 'Requested before',
  },
  none: 'No jobs yet',
  noneBody: 'Actions such as starting a virtual machine appear here as jobs, newest first.',
  nothingFound: 'No matches',
  nothingFoundBody:
    'No job matches all of the search. Words may occur in the title, the actor or the error; a prefix limits them: state:failed, host:HV-01, vm:SQL, who:"Ada Example", action:"Shut down", since:2h, since:2026-12-01.',
  clear: 'Clear filter',
  failed: 'The jobs could not be loaded',
};
