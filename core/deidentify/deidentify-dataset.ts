import { attributeAction, type AttributeAction } from './attribute-action.ts'
import { cleanDescriptor, wordsOf } from './clean-descriptor.ts'
import type { DeidentifyOptions } from './deidentify-options.ts'
import type { RawElement } from './elements.ts'
import { characterSetOf, textOf, type IdentityNet } from './identity-net.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import { shiftDate } from './shift-date.ts'
import { textElement } from './write-elements.ts'

export interface Deidentifying {
  readonly options: DeidentifyOptions
  readonly pseudonyms: Pseudonyms
  /** Whose instance it is: patients of one key have one name, one ID and one shift. */
  readonly patientKey: string
  readonly net: IdentityNet
}

const PATIENT = new Set(['00100010', '00100020'])
const PERSON_IDENTIFICATION_CODE_SEQUENCE = '00401101'
const CONCEPT_NAME_CODE_SEQUENCE = '0040A043'
const PATIENT_AGE = '00101010'
/** UIDs of the standard itself: templates of atlases, palettes and other things that are of nobody (PS3.6 A). */
const WELL_KNOWN_UID = /^1\.2\.840\.10008\.(1\.[45]|15\.1)(\.|$)/
/** Content items about the subject (CID 1006, 1007): its birth date is no date of an event, its ID no description. */
const SUBJECT_CONCEPTS = new Set(['121029', '121030', '121031', '121022', '121023'])
/** An age above is said as this (HIPAA 164.514(b)(2)(i)(C)). Years. */
const OLDEST = 89

/** The elements of a data set or item as they may leave, nested ones too. */
export function deidentifyElements(
  elements: readonly RawElement[],
  how: Deidentifying,
  outer: readonly string[] = [],
): RawElement[] {
  const characterSet = characterSetOf(elements) ?? outer
  const ofSubject = isAboutSubject(elements)
  return elements.flatMap((element) => {
    const planned = attributeAction(element.tag, element.vr, how.options)
    const action = ofSubject && (planned === 'shift' || planned === 'clean-or-dummy') ? 'dummy' : planned
    const made = applied(element, action, how, characterSet)
    return made === undefined ? [] : [made]
  })
}

function applied(
  element: RawElement,
  action: AttributeAction,
  how: Deidentifying,
  characterSet: readonly string[],
): RawElement | undefined {
  const { tag, vr = 'UN', items } = element
  if (action === 'remove') return undefined
  if (PATIENT.has(tag)) return textElement(tag, vr, how.pseudonyms.patient(how.patientKey))
  if (action === 'empty') return emptied(element)
  if (items !== undefined) {
    if (tag === PERSON_IDENTIFICATION_CODE_SEQUENCE && action === 'dummy')
      return { ...element, items: [nobody()] }
    // What the file calls a sequence and the standard does not is nothing that could be cleaned.
    if (vr !== 'SQ') return undefined
    return { ...element, items: items.map((item) => deidentifyElements(item, how, characterSet)) }
  }
  if (vr === 'SQ') return element.value.length === 0 ? element : undefined
  if (element.value.length === 0) return element
  const text = (): string => textOf(element.value, vr, characterSet)
  switch (action) {
    case 'keep':
      return kept(element, how, characterSet)
    case 'dummy':
      return dummy(tag, vr)
    case 'map-uid':
      return textElement(tag, 'UI', mappedUids(text(), how.pseudonyms))
    case 'shift':
      return shifted(element, text(), how)
    case 'clean-or-dummy':
    case 'clean-or-empty':
      return cleaned(element, how, characterSet, action === 'clean-or-dummy')
  }
}

const emptied = (element: RawElement): RawElement => ({
  ...element,
  value: new Uint8Array(0),
  ...(element.items === undefined ? {} : { items: [] }),
})

/** A code without its meaning is none. */
const caught = (element: RawElement): RawElement =>
  element.tag === '00080104' ? dummy(element.tag, 'LO') : emptied(element)

function kept(element: RawElement, how: Deidentifying, characterSet: readonly string[]): RawElement {
  if (how.net.catches(element, characterSet)) return caught(element)
  if (element.tag !== PATIENT_AGE) return element
  const years = /^(\d{3})Y/.exec(textOf(element.value, 'AS', []))
  return Number(years?.[1] ?? 0) > OLDEST ? textElement(PATIENT_AGE, 'AS', '090Y') : element
}

export function mappedUids(text: string, pseudonyms: Pseudonyms): string {
  return text
    .split('\\')
    .map((each) => each.replace(/[\s\0]+/g, ''))
    .map((uid) => (uid === '' || WELL_KNOWN_UID.test(uid) ? uid : pseudonyms.uid(uid)))
    .join('\\')
}

/** Times of day stay: every date of the patient moves by whole days. */
function shifted(element: RawElement, text: string, how: Deidentifying): RawElement {
  const { tag, vr = 'DA' } = element
  if (vr === 'TM') return /^[\d:.\\ ]*$/.test(text) ? element : emptied(element)
  const days = how.pseudonyms.dayShift(how.patientKey)
  return textElement(
    tag,
    vr,
    text
      .split('\\')
      .map((each) => shiftDate(each, days))
      .join('\\'),
  )
}

function cleaned(
  element: RawElement,
  how: Deidentifying,
  characterSet: readonly string[],
  needed: boolean,
): RawElement {
  const { tag, vr = 'LO' } = element
  const text = textOf(element.value, vr, characterSet)
  const clean = cleanDescriptor(text)
  // Only the default repertoire can be written whatever the character set is; what loses nothing stays as it is written.
  const longest = { SH: 16, LO: 64 }[vr] ?? clean.length
  const ascii = clean
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
  const made = clean === wordsOf(text).join(' ') ? element : textElement(tag, vr, ascii.slice(0, longest))
  // A word of the trade may be somebody's name as well.
  const isLeft = made.value.length > 0 && !how.net.catches(made, characterSet)
  return isLeft ? made : needed ? dummy(tag, vr) : emptied(element)
}

/** A value of this VR that says nothing (PS3.15 E.1, action D). */
function dummy(tag: string, vr: string): RawElement {
  const texts: Readonly<Record<string, string>> = {
    AE: 'ANON',
    AS: '000Y',
    CS: 'ANON',
    DA: '19000101',
    DT: '19000101000000',
    DS: '0',
    IS: '0',
    LO: 'Removed',
    LT: 'Removed',
    PN: 'Removed',
    SH: 'Removed',
    ST: 'Removed',
    TM: '000000',
    UC: 'Removed',
    UR: 'about:blank',
    UT: 'Removed',
  }
  const text = texts[vr]
  if (text !== undefined) return textElement(tag, vr, text)
  return { tag, vr, writtenVr: vr, value: new Uint8Array(vr === 'UN' || vr.startsWith('O') ? 2 : 8) }
}

/** A code that stands for whoever it was. */
const nobody = (): RawElement[] => [
  textElement('00080100', 'SH', 'ANON'),
  textElement('00080102', 'SH', '99YUNYING'),
  textElement('00080104', 'LO', 'Removed'),
]

function isAboutSubject(elements: readonly RawElement[]): boolean {
  const concept = elements.find(({ tag }) => tag === CONCEPT_NAME_CODE_SEQUENCE)?.items?.[0]
  const code = concept?.find(({ tag }) => tag === '00080100')
  return code !== undefined && SUBJECT_CONCEPTS.has(textOf(code.value, 'SH', []))
}
