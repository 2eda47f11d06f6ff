export const problemListTexts = {
  summary: (count: number) =>
    count === 1 ? '1 value could not be reported' : `${count} values could not be reported`,
  more: (count: number) => `and ${count} more`,
};
