/** A text in which no number goes on: '1 / 40' is found neither in '21 / 40' nor in '1 / 400'. */
export const wholeNumbers = (text: string): RegExp =>
  new RegExp(`(?<!\\d)${text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '\\s+')}(?!\\d)`, 'i')
