import { parseDate, parseTime } from '../dicom/date-time.ts'
import { firstNumber, firstString, items, strings, type DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'

/** Standardized uptake by body weight. */
export type Suv =
  /** A value after the modality transformation, times this, is the uptake. Units: g/ml for one of the image's. */
  { readonly kind: 'known'; readonly scale: number } | { readonly kind: 'unknown'; readonly because: NoSuv }

/** Why the uptake cannot be known. */
export type NoSuv =
  | 'no-weight'
  | 'no-dose'
  | 'no-half-life'
  | 'no-start'
  | 'no-scan-time'
  | 'start-after-scan'
  | 'not-corrected'
  | 'other-units'
  | 'other-uptake'

const UNITS = '00541001'
const SUV_TYPE = '00541006'
const CORRECTED_IMAGE = '00280051'
const DECAY_CORRECTION = '00541102'
const RADIOPHARMACEUTICAL = '00540016'
const START_TIME = '00181072'
const TOTAL_DOSE = '00181074'
const HALF_LIFE = '00181075'
const START_DATE_TIME = '00181078'
const PATIENT_WEIGHT = '00101030'
const ACQUISITION_TIME = '00080032'
const SERIES_TIME = '00080031'
const FRAME_REFERENCE_TIME = '00541300'
const FRAME_DURATION = '00181242'
const PHILIPS = {
  creator: '70530010',
  name: 'Philips PET Private Group',
  suv: '70531000',
  activity: '70531009',
}
const GE = { creator: '00090010', name: 'GEMS_PETD_01', scan: '0009100D' }

/** What of an instance the calculation needs. */
export const SUV_TAGS: readonly string[] = [
  UNITS,
  SUV_TYPE,
  CORRECTED_IMAGE,
  DECAY_CORRECTION,
  RADIOPHARMACEUTICAL,
  PATIENT_WEIGHT,
  Tag.SeriesDate,
  SERIES_TIME,
  Tag.AcquisitionDate,
  ACQUISITION_TIME,
  FRAME_REFERENCE_TIME,
  FRAME_DURATION,
  PHILIPS.creator,
  PHILIPS.suv,
  PHILIPS.activity,
  GE.creator,
  GE.scan,
]

const GRAMS = 1000
/** Less is no dose, but one written in megabecquerels. Becquerels. */
const LEAST_DOSE = 1e5
/** Nobody is examined so long after. Seconds. */
const DAY = 86_400

/**
 * What the values of a positron emission image are worth as uptake by body weight; undefined of other images.
 *
 * Sources: PS3.3 C.8.9.1 (units, corrections), C.8.9.2 (radiopharmaceutical), C.8.9.4 (frame reference time); the vendor
 * neutral calculation of the Quantitative Imaging Biomarkers Alliance, FDG-PET/CT.
 */
export function suvOf(instance: DicomJson): Suv | undefined {
  if (firstString(instance, Tag.Modality) !== 'PT') return undefined
  switch (firstString(instance, UNITS)) {
    case 'GML': {
      const type = firstString(instance, SUV_TYPE) ?? 'BW'
      return type === 'BW' ? { kind: 'known', scale: 1 } : unknown('other-uptake')
    }
    case 'BQML':
      return ofActivity(instance, 1)
    case 'CNTS': {
      // Counts, with factors of the maker's own.
      if (firstString(instance, PHILIPS.creator) !== PHILIPS.name) return unknown('other-units')
      const uptake = firstNumber(instance, PHILIPS.suv) ?? 0
      if (uptake > 0) return { kind: 'known', scale: uptake }
      const activity = firstNumber(instance, PHILIPS.activity) ?? 0
      return activity > 0 ? ofActivity(instance, activity) : unknown('other-units')
    }
    default:
      return unknown('other-units')
  }
}

const unknown = (because: NoSuv): Suv => ({ kind: 'unknown', because })

/** @param perValue becquerels a millilitre for one of the image's values */
function ofActivity(instance: DicomJson, perValue: number): Suv {
  const corrected = strings(instance, CORRECTED_IMAGE)
  if (!corrected.includes('ATTN') || !corrected.includes('DECY')) return unknown('not-corrected')
  const weight = firstNumber(instance, PATIENT_WEIGHT) ?? 0
  if (!(weight > 0)) return unknown('no-weight')
  const injected = items(instance, RADIOPHARMACEUTICAL)[0] ?? {}
  const dose = firstNumber(injected, TOTAL_DOSE) ?? 0
  if (!(dose >= LEAST_DOSE)) return unknown('no-dose')
  const left = doseLeft(instance, injected, dose)
  return typeof left === 'string'
    ? unknown(left)
    : { kind: 'known', scale: (perValue * weight * GRAMS) / left }
}

/** What is left of the dose at the moment to which the image was corrected. Becquerels. */
function doseLeft(instance: DicomJson, injected: DicomJson, dose: number): number | NoSuv {
  switch (firstString(instance, DECAY_CORRECTION)) {
    case 'ADMIN':
      return dose
    case 'START': {
      const halfLife = firstNumber(injected, HALF_LIFE) ?? 0
      if (!(halfLife > 0)) return 'no-half-life'
      const scan = scanStart(instance, halfLife)
      if (scan === undefined) return 'no-scan-time'
      const start = injectionBefore(injected, scan)
      if (start === undefined) return 'no-start'
      const passed = scan - start
      if (passed < 0 || passed >= DAY) return 'start-after-scan'
      return dose * 2 ** (-passed / halfLife)
    }
    default:
      return 'not-corrected'
  }
}

/** When the scan began, to which decay was corrected. Seconds since 1970, of a clock without a zone. */
function scanStart(instance: DicomJson, halfLife: number): number | undefined {
  const acquired = moment(instance, Tag.AcquisitionDate, ACQUISITION_TIME)
  const series = moment(instance, Tag.SeriesDate, SERIES_TIME)
  if (series !== undefined && (acquired === undefined || series <= acquired)) return series
  // Made again later, with times of that: what the maker kept, or back from the middle of the frame.
  if (firstString(instance, GE.creator) === GE.name) {
    const own = dateTime(firstString(instance, GE.scan) ?? '')
    if (own !== undefined) return own
  }
  const reference = firstNumber(instance, FRAME_REFERENCE_TIME)
  const duration = firstNumber(instance, FRAME_DURATION)
  if (acquired === undefined || reference === undefined || duration === undefined || !(duration > 0))
    return undefined
  const decay = Math.LN2 / halfLife
  const seconds = duration / 1000
  const middle = Math.log((decay * seconds) / (1 - Math.exp(-decay * seconds))) / decay
  return acquired - reference / 1000 + middle
}

/** When the dose was given. Where only a time of day is known: the last such before the scan. */
function injectionBefore(injected: DicomJson, scan: number): number | undefined {
  const known = dateTime(firstString(injected, START_DATE_TIME) ?? '')
  if (known !== undefined) return known
  const time = seconds(firstString(injected, START_TIME) ?? '')
  if (time === undefined) return undefined
  const sameDay = Math.floor(scan / DAY) * DAY + time
  return sameDay > scan ? sameDay - DAY : sameDay
}

function moment(instance: DicomJson, dateTag: string, timeTag: string): number | undefined {
  const day = days(firstString(instance, dateTag) ?? '')
  const time = seconds(firstString(instance, timeTag) ?? '')
  return day === undefined || time === undefined ? undefined : day + time
}

/** A DT value; its zone is left out, as those of dates and times of the same scanner are (PS3.5 6.2). */
function dateTime(text: string): number | undefined {
  const day = days(text.slice(0, 8))
  const time = seconds(text.slice(8).replace(/[+-]\d{4}$/, ''))
  return day === undefined || time === undefined ? undefined : day + time
}

function days(text: string): number | undefined {
  const date = parseDate(text)
  if (date === undefined) return undefined
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / 1000
}

function seconds(text: string): number | undefined {
  const time = parseTime(text, 'first')
  if (time === undefined) return undefined
  return Number(time.slice(0, 2)) * 3600 + Number(time.slice(2, 4)) * 60 + Number(time.slice(4))
}
