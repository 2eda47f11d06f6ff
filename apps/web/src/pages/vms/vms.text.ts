export const vmsTexts = {
  title: 'Virtual machines',
  empty: 'No virtual machines',
  emptyBody: 'The hosts of this fleet have none yet, or none of them has answered so far.',
  gathering: 'Hosts are being contacted',
  gatheringBody: 'Their virtual machines appear here as they answer.',
};
