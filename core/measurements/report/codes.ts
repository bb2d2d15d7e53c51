import type { Code, GeometryKind, Intensity, Quantity } from '../shapes.ts'

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning })
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning })

/** Concepts of the documents that are made here (PS3.16 TID 1500, TID 2010 and what they include). */
export const Concept = {
  report: dcm('126000', 'Imaging Measurement Report'),
  language: dcm('121049', 'Language of Content Item and Descendants'),
  observerType: dcm('121005', 'Observer Type'),
  person: dcm('121006', 'Person'),
  personObserverName: dcm('121008', 'Person Observer Name'),
  procedureReported: dcm('121058', 'Procedure reported'),
  imagingProcedure: sct('363679005', 'Imaging procedure'),
  imagingMeasurements: dcm('126010', 'Imaging Measurements'),
  measurementGroup: dcm('125007', 'Measurement Group'),
  trackingIdentifier: dcm('112039', 'Tracking Identifier'),
  trackingUid: dcm('112040', 'Tracking Unique Identifier'),
  finding: dcm('121071', 'Finding'),
  findingSite: sct('363698007', 'Finding Site'),
  imageRegion: dcm('111030', 'Image Region'),
  sourceImage: dcm('121324', 'Source Image'),
  sourceOfMeasurement: dcm('121112', 'Source of Measurement'),
  derivation: dcm('121401', 'Derivation'),
  calibrationMethod: dcm('122422', 'Calibration Method'),
  calibrationObjectUsed: dcm('122488', 'Calibration Object Used'),
  calibrationObjectSize: dcm('122423', 'Calibration Object Size'),
  horizontalPixelSpacing: dcm('111026', 'Horizontal Pixel Spacing'),
  verticalPixelSpacing: dcm('111066', 'Vertical Pixel Spacing'),
  keyObjectDescription: dcm('113012', 'Key Object Description'),
  notAttempted: dcm('114007', 'Measurement not attempted'),
  vertebra: sct('51282000', 'Vertebra'),
} as const

/** Codes of our own, for what no terminology that documents may name has a code for (PS3.16 Section 8). */
export const OWN_SCHEME = { designator: '99YUNYING', name: 'Yunying', organisation: 'Yunying' } as const

/** What a measurement that is no statistic is called (CID 7470, 7471 and others). */
const QUANTITY_CODES: Readonly<Partial<Record<Quantity, Code>>> = {
  length: sct('410668003', 'Length'),
  'long-axis': sct('103339001', 'Long Axis'),
  'short-axis': sct('103340004', 'Short Axis'),
  angle: sct('1483009', 'Angle'),
  'cobb-angle': sct('285285000', 'Cobb angle'),
  area: sct('42798000', 'Area'),
  perimeter: sct('131191004', 'Perimeter'),
  diameter: sct('81827009', 'Diameter'),
  depth: sct('131197000', 'Depth'),
  duration: dcm('110858', 'Time'),
  speed: dcm('110828', 'Flow Velocity'),
  frequency: sct('260864003', 'Frequency'),
  'heart-width': sct('103355008', 'Width'),
  'thorax-width': sct('103355008', 'Width'),
  // LOINC's are of the unborn child: of circumferences and areas, by ultrasound (CID 12279).
  'cardiothoracic-ratio': { value: 'CTR', scheme: OWN_SCHEME.designator, meaning: 'Cardiothoracic ratio' },
}

/** Of what a quantity is that is not of the whole mark's (CID 4, CID 6113). */
const SITE_CODES: Readonly<Partial<Record<Quantity, Code>>> = {
  'heart-width': sct('80891009', 'Heart'),
  'thorax-width': sct('816094009', 'Thorax'),
}

/** What pixel values are (CID 7180 and others). */
const INTENSITY_CODES: Readonly<Record<Intensity, Code>> = {
  attenuation: dcm('112031', 'Attenuation Coefficient'),
  'suv-bw': dcm('126401', 'SUVbw'),
  activity: dcm('110821', 'Nuclear Medicine Tomographic Activity'),
  'mr-signal': dcm('110852', 'MR signal intensity'),
  dose: dcm('128513', 'Absorbed Dose'),
  other: sct('246205007', 'Quantity'),
}

/** How a statistic came about (CID 7464). */
const DERIVATION_CODES: Readonly<Partial<Record<Quantity, Code>>> = {
  mean: sct('373098007', 'Mean'),
  'standard-deviation': sct('386136009', 'Standard Deviation'),
  minimum: sct('255605001', 'Minimum'),
  maximum: sct('56851009', 'Maximum'),
}

/** The name of a measurement: what it measures, and for a statistic how, for a part of the body of which. */
export function codesOf(
  quantity: Quantity,
  intensity: Intensity | undefined,
): { readonly concept: Code; readonly derivation: Code | undefined; readonly site: Code | undefined } {
  const concept = QUANTITY_CODES[quantity] ?? INTENSITY_CODES[intensity ?? 'other']
  return { concept, derivation: DERIVATION_CODES[quantity], site: SITE_CODES[quantity] }
}

/** What is named where nothing could be measured: the kind of the mark is read from it. */
export const QUANTITY_OF_KIND: Readonly<Partial<Record<GeometryKind, Quantity>>> = {
  length: 'length',
  bidirectional: 'long-axis',
  angle: 'angle',
  cobb: 'cobb-angle',
  probe: 'value',
}

/** Meanings of the units that the archive itself measures in. */
const UNIT_MEANINGS: Readonly<Record<string, string>> = {
  mm: 'millimeter',
  mm2: 'square millimeter',
  deg: 'degree',
  s: 'second',
  Hz: 'hertz',
  'mm/s': 'millimeter per second',
  '{pixels}': 'pixels',
  "[hnsf'U]": 'Hounsfield unit',
  'g/ml{SUVbw}': 'Standardized Uptake Value body weight',
  'Bq/ml': 'Becquerels/milliliter',
  'mm/{pixel}': 'millimeter per pixel',
  '{ratio}': 'ratio',
  '1': 'no units',
}

export const unitCode = (unit: string): Code => ({
  value: unit,
  scheme: 'UCUM',
  meaning: UNIT_MEANINGS[unit] ?? unit,
})

/** The codes of before 2018, which older documents have (PS3.16 Annex N), and near synonyms. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'SRT G-D7FE': 'SCT 410668003',
  'DCM 121206': 'SCT 410668003',
  'SRT G-A185': 'SCT 103339001',
  'SRT G-A186': 'SCT 103340004',
  'SCT 131187009': 'SCT 103339001',
  'SCT 131188004': 'SCT 103340004',
  'SRT G-A193': 'SCT 103339001',
  'SRT G-A194': 'SCT 103340004',
  'DCM 110859': 'SCT 1483009',
  'SRT G-A166': 'SCT 42798000',
  'SRT G-A16A': 'SCT 42798000',
  'SCT 131184002': 'SCT 42798000',
  'SRT G-A197': 'SCT 131191004',
  'SRT M-02550': 'SCT 81827009',
  'SRT G-A196': 'SCT 131190003',
  'SRT G-D785': 'SCT 131197000',
  'SRT G-C1C6': 'SCT 246205007',
  'SRT R-00317': 'SCT 373098007',
  'SRT R-10047': 'SCT 386136009',
  'SRT R-404FB': 'SCT 255605001',
  'SRT G-A437': 'SCT 56851009',
  'SRT G-C0E3': 'SCT 363698007',
  'SRT G-A220': 'SCT 103355008',
  'SRT T-32000': 'SCT 80891009',
  'SRT T-D3000': 'SCT 816094009',
  'SCT 51185008': 'SCT 816094009',
}

/** Two codes are the same concept when these are equal. Designators of before SNOMED CT had one are understood. */
export function conceptKey({ value, scheme }: Pick<Code, 'value' | 'scheme'>): string {
  const key = `${scheme === '99SDM' || scheme === 'SNM3' ? 'SRT' : scheme} ${value}`
  return SYNONYMS[key] ?? key
}

export const isConcept = (code: Code | undefined, concept: Code): boolean =>
  code !== undefined && conceptKey(code) === conceptKey(concept)

const RADIUS = 'SCT 131190003'

/** Statistics of pixels whose name says all, as some documents have them. */
const PIXEL_STATISTICS: Readonly<Record<string, Quantity>> = {
  'DCM 113049': 'mean',
  'DCM 113051': 'minimum',
  'DCM 113048': 'maximum',
  'SCT 373098007': 'mean',
  'SCT 386136009': 'standard-deviation',
  'SCT 255605001': 'minimum',
  'SCT 56851009': 'maximum',
}

const byKey = <Name extends string>(codes: Readonly<Partial<Record<Name, Code>>>): Map<string, Name> =>
  new Map((Object.entries(codes) as [Name, Code][]).map(([name, code]) => [conceptKey(code), name] as const))

const QUANTITIES_BY_KEY = byKey(QUANTITY_CODES)
/** Of what, its site says. */
const WIDTH = 'SCT 103355008'
const WIDTHS_BY_SITE = byKey(SITE_CODES)
const INTENSITIES_BY_KEY = byKey(INTENSITY_CODES)
const DERIVATIONS_BY_KEY = byKey(DERIVATION_CODES)

/** What a measurement of a document measures; `times` is what its value is multiplied by. Undefined when we have no word for it. */
export function quantityOf(
  concept: Code,
  derivation: Code | undefined,
  site: Code | undefined,
): { readonly quantity: Quantity; readonly intensity?: Intensity; readonly times: number } | undefined {
  const key = conceptKey(concept)
  if (key === RADIUS) return { quantity: 'diameter', times: 2 }
  if (key === WIDTH) {
    const quantity = site && WIDTHS_BY_SITE.get(conceptKey(site))
    return quantity === undefined || derivation !== undefined ? undefined : { quantity, times: 1 }
  }
  const statistic = PIXEL_STATISTICS[key]
  if (statistic !== undefined) return { quantity: statistic, intensity: 'other', times: 1 }
  const intensity = INTENSITIES_BY_KEY.get(key)
  if (intensity !== undefined) {
    const quantity = derivation === undefined ? 'value' : DERIVATIONS_BY_KEY.get(conceptKey(derivation))
    return quantity === undefined ? undefined : { quantity, intensity, times: 1 }
  }
  const quantity = QUANTITIES_BY_KEY.get(key)
  // The mean of several lengths is not the length of this line.
  return quantity === undefined || derivation !== undefined ? undefined : { quantity, times: 1 }
}
