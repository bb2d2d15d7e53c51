import type { PersonName } from '../../core/contract/api.ts'
import { unspacedName } from '../../core/dicom/person-name.ts'

export interface DisplayedName {
  /** The name in the script the reader is likely to know it by. */
  readonly primary: string
  /** The same person in the other script; empty when there is none. */
  readonly secondary: string
}

/** A DICOM person name for display: in Chinese the ideographic group comes first, otherwise the alphabetic one. */
export function displayPersonName(name: PersonName | null, language: string): DisplayedName {
  const alphabetic = displayGroup(name?.Alphabetic)
  const ideographic = displayGroup(name?.Ideographic)
  const groups = language.startsWith('zh') ? [ideographic, alphabetic] : [alphabetic, ideographic]
  const [primary = displayGroup(name?.Phonetic), secondary = ''] = groups.filter((group) => group !== '')
  return { primary, secondary: secondary === primary ? '' : secondary }
}

/**
 * One component group, `family^given^middle^prefix^suffix`: "Family, Given Middle", with no separators between
 * ideographs ("王^小东" is 王小东).
 */
function displayGroup(group: string | undefined): string {
  if (group === undefined) return ''
  const unspaced = unspacedName(group)
  if (unspaced !== undefined) return unspaced
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = group
    .split('^')
    .map((part) => part.trim())
  const first = [prefix, given, middle].filter((part) => part !== '').join(' ')
  return [family, first, suffix].filter((part) => part !== '').join(', ')
}
