import type { DeidentifyOptions } from './deidentify-options.ts'
import type { RawElement } from './elements.ts'
import { methodCodes, type DoneToInstance } from './method-codes.ts'
import { sequenceElement, textElement } from './write-elements.ts'

export interface PixelCleaning extends DoneToInstance {
  /** A person looked and says that nobody is named in the pixels, or blacked out what does. */
  readonly pixelsCleared: boolean
}

/** What says that the instance was de-identified and how (PS3.15 E.1.1 steps 6 to 8; PS3.3 C.7.1.1, C.7.6.1.1.3, C.12.1). */
export function markDeidentified(
  elements: readonly RawElement[],
  options: DeidentifyOptions,
  done: PixelCleaning,
): RawElement[] {
  const codes = methodCodes(options, done)
  const made = [
    textElement('00120062', 'CS', 'YES'),
    textElement('00120063', 'LO', 'PS3.15 E Basic Profile'),
    sequenceElement(
      '00120064',
      codes.map(({ value, meaning }) => [
        textElement('00080100', 'SH', value),
        textElement('00080102', 'SH', 'DCM'),
        textElement('00080104', 'LO', meaning),
      ]),
    ),
    textElement('00280303', 'CS', options.shiftDates ? 'MODIFIED' : 'REMOVED'),
    ...(done.pixelsCleared ? [textElement('00280301', 'CS', 'NO')] : []),
  ]
  const tags = new Set(made.map(({ tag }) => tag))
  return [...elements.filter(({ tag }) => !tags.has(tag)), ...made]
}
