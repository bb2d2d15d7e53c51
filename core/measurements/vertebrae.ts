/** The levels of the spine from the head down, and the code of each vertebra. */
const CODES = {
  // PS3.16 CID 7603 Vertebra.
  C1: '14806007',
  C2: '39976000',
  C3: '113205007',
  C4: '5329002',
  C5: '36978003',
  C6: '36054005',
  C7: '87391001',
  T1: '64864005',
  T2: '53733008',
  T3: '1626008',
  T4: '73071006',
  T5: '56401006',
  T6: '45296009',
  T7: '62487009',
  T8: '11068009',
  T9: '82687006',
  T10: '7610001',
  T11: '12989004',
  T12: '23215003',
  L1: '66794005',
  L2: '14293000',
  L3: '36470004',
  L4: '11994002',
  L5: '49668003',
  // The group is extensible and ends at L5; these are SNOMED CT's structures of the sacral vertebrae.
  S1: '65985001',
  S2: '11808007',
  S3: '49967005',
  S4: '69950008',
  S5: '21452006',
} as const

export type VertebralLevel = keyof typeof CODES
export const VERTEBRAL_LEVELS = Object.keys(CODES) as [VertebralLevel, ...VertebralLevel[]]

const isLevel = (name: string): name is VertebralLevel => name in CODES

/** What a reader typed for a level; undefined when there is none of that name. */
export function vertebralLevel(typed: string): VertebralLevel | undefined {
  const name = typed
    .trim()
    .toUpperCase()
    .replace(/^TH|^D/, 'T')
  return isLevel(name) ? name : undefined
}

/** As PS3.16 writes it: (value, scheme, meaning). */
export const vertebraCode = (level: VertebralLevel) => ({
  value: CODES[level],
  scheme: 'SCT',
  meaning: `${level} vertebra`,
})

export const levelOfCode = ({
  value,
  scheme,
}: {
  readonly value: string
  readonly scheme: string
}): VertebralLevel | undefined =>
  scheme === 'SCT' ? VERTEBRAL_LEVELS.find((level) => CODES[level] === value) : undefined

/** So many vertebrae further down, or up by a negative number; undefined beyond the ends of the spine. */
export const levelBeyond = (level: VertebralLevel, down: number): VertebralLevel | undefined =>
  VERTEBRAL_LEVELS[VERTEBRAL_LEVELS.indexOf(level) + down]
