/** What was typed with commas between, in Latin or Chinese writing. */
export const splitList = (text: string): string[] =>
  text
    .split(/[,，、;；\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
