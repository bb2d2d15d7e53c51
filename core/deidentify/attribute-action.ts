import type { DeidentifyOptions } from './deidentify-options.ts'
import { profileRow, type ProfileRow } from './profile-table.ts'

/** What is done with an attribute. A sequence that stays is cleaned inside, whatever its own action. */
export type AttributeAction =
  | 'keep'
  | 'remove'
  | 'empty'
  | 'dummy'
  /** A UID becomes another. */
  | 'map-uid'
  /** A date moves; a time stays. */
  | 'shift'
  /** A description keeps the words of the trade; a dummy where none is left and there must be one. */
  | 'clean-or-dummy'
  | 'clean-or-empty'

const TEMPORAL = new Set(['DA', 'DT', 'TM'])
const FREE_TEXT = new Set(['LT', 'ST', 'UT'])
/** Kinds of things, not things: SOP classes, coding schemes, context groups. */
const KINDS = new Set([
  '00080016',
  '0008001B',
  '0008010C',
  '00080117',
  '00080118',
  '0008010D',
  '00081150',
  '0008115A',
  '00020002',
])
/** Must be there in documents and must not be empty in images: it stays, with its UIDs mapped (D). */
const REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE = '00081111'
/** Has items where it is there at all. */
const REFERENCED_STUDY_SEQUENCE = '00081110'
/**
 * Presentation Creation Date and Time, which the table removes and a presentation state must have (type 1, PS3.3 C.11.10):
 * without them it is no presentation state.
 */
const PRESENTATION_CREATED = new Set(['00700082', '00700083'])
/** Text that its item is nothing without: Text Value of a content item, Unformatted Text Value of a graphic annotation. */
const INDISPENSABLE = new Set(['0040A160', '00700006'])
/** Dates of a person, not of an event (PS3.15 E.3.6 leaves them to the basic profile). */
const OF_PERSON = /^0010/

/**
 * What is done with an attribute outside of private and repeating groups. Where the table leaves it to the IOD whether an
 * attribute is removed, empty or filled, the filled one is taken, which every IOD allows; of sequences the emptiest.
 *
 * Attributes that the table does not list stay (E.1.1), but for those that by their nature can name people or days: what is
 * added to the standard later is not let through until the table has it. `vr` undefined: the attribute is unknown.
 */
export function attributeAction(
  tag: string,
  vr: string | undefined,
  options: DeidentifyOptions,
): AttributeAction {
  if (isPrivate(tag) || isGraphics(tag) || vr === undefined) return 'remove'
  const row = profileRow(tag)
  if (row === undefined) return unlisted(tag, vr, options)
  return changedByOption(row, vr, options) ?? basic(tag, row, vr)
}

/** Private, or below the groups of the standard. */
const isPrivate = (tag: string): boolean =>
  Number.parseInt(tag.slice(0, 4), 16) % 2 === 1 || /^000[0-4]/.test(tag)

/** Curves and overlays (50xx, 60xx): without their data the rest of the group describes nothing. */
const isGraphics = (tag: string): boolean => /^(50|60)/.test(tag)

function unlisted(tag: string, vr: string, options: DeidentifyOptions): AttributeAction {
  if (vr === 'UI') return options.keepUids || KINDS.has(tag) ? 'keep' : 'map-uid'
  if (TEMPORAL.has(vr)) return options.shiftDates && !OF_PERSON.test(tag) ? 'shift' : 'dummy'
  if (vr === 'PN' || vr === 'UR') return 'remove'
  if (INDISPENSABLE.has(tag)) return options.keepDescriptors ? 'clean-or-dummy' : 'dummy'
  if (FREE_TEXT.has(vr)) return options.keepDescriptors ? 'clean-or-empty' : 'remove'
  return 'keep'
}

function changedByOption(
  { action, options: columns }: ProfileRow,
  vr: string,
  options: DeidentifyOptions,
): AttributeAction | undefined {
  if (options.keepUids && columns.has('u')) return 'keep'
  if (options.shiftDates && columns.has('l')) return TEMPORAL.has(vr) ? 'shift' : undefined
  if (options.keepPatientCharacteristics && columns.has('p')) return vr === 'LO' ? cleaned(action) : 'keep'
  if (options.keepDescriptors && columns.has('d')) return vr === 'SQ' ? undefined : cleaned(action)
  return undefined
}

const cleaned = (action: ProfileRow['action']): AttributeAction =>
  action.includes('D') ? 'clean-or-dummy' : 'clean-or-empty'

function basic(tag: string, { action }: ProfileRow, vr: string): AttributeAction {
  if (PRESENTATION_CREATED.has(tag)) return 'dummy'
  if (action.includes('U')) return 'map-uid'
  if (vr === 'SQ') {
    if (tag === REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE) return 'dummy'
    if (tag === REFERENCED_STUDY_SEQUENCE) return 'remove'
    if (action.includes('X') && action !== 'X/Z') return 'remove'
    return action.includes('Z') ? 'empty' : 'dummy'
  }
  if (vr === 'UI' && action !== 'X') return 'map-uid'
  if (action.includes('D')) return 'dummy'
  return action.includes('Z') ? 'empty' : 'remove'
}
