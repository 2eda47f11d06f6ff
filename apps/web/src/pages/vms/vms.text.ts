export const vmsTexts = {
  title: 'Virtual machines',
  empty: 'No virtual machines',
  emptyBody: 'The hosts of this fleet have no virtual machines yet, or have not responded.',
  gathering: 'Connecting to hosts',
  gatheringBody: 'Their virtual machines appear here as they respond.',
};
