import { foldText } from '../archive/fold-text.ts'

/**
 * How a person's name may stand in Referring Physician's Name, folded, one name group each: typed with its components
 * (`Chen^Wei`), with spaces (`Chen Wei`: family name first, as PS3.5 6.2.1.2 has it), or as Chinese writes it (`欧阳修`),
 * which does not say where the family name ends.
 */
export function referrerForms(name: string): string[] {
  const folded = foldText(name).replace(/\^+$/, '')
  if (folded === '') return []
  if (folded.includes('^')) return [folded]
  const letters = [...folded]
  if (/^[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}]+$/u.test(folded))
    return [
      folded,
      ...letters
        .slice(1)
        .map((_, at) => `${letters.slice(0, at + 1).join('')}^${letters.slice(at + 1).join('')}`),
    ]
  const words = folded.split(/[ ,]+/)
  return words.length < 2
    ? [folded]
    : [folded, `${words[0] ?? ''}^${words.slice(1).join(' ')}`, words.join('^')]
}
