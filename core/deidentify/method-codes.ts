import type { DeidentifyOptions } from './deidentify-options.ts'

export interface MethodCode {
  readonly value: string
  readonly meaning: string
}

/** What was done beside what the options say. */
export interface DoneToInstance {
  readonly blackedOut: boolean
  readonly hasContentTree: boolean
}

/** De-identification methods of CID 7050, scheme DCM (PS3.16). */
export function methodCodes(options: DeidentifyOptions, done: DoneToInstance): MethodCode[] {
  const code = (value: string, meaning: string, applies: boolean): MethodCode[] =>
    applies ? [{ value, meaning }] : []
  return [
    ...code('113100', 'Basic Application Confidentiality Profile', true),
    ...code('113101', 'Clean Pixel Data Option', done.blackedOut),
    ...code('113104', 'Clean Structured Content Option', done.hasContentTree),
    ...code('113105', 'Clean Descriptors Option', options.keepDescriptors),
    ...code('113107', 'Retain Longitudinal Temporal Information Modified Dates Option', options.shiftDates),
    ...code('113108', 'Retain Patient Characteristics Option', options.keepPatientCharacteristics),
    ...code('113110', 'Retain UIDs Option', options.keepUids),
  ]
}
