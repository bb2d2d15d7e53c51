import type { PixelRisk } from './pixel-identity.ts'

/** Why an instance is not de-identified; each has words of what to do on the screens. */
export type RefusalReason =
  | PixelRisk
  /** PDF, CDA, STL: a file inside the file that no profile cleans. */
  | 'encapsulated-document'
  /** A comment inside compressed pixels names the patient. */
  | 'identity-in-codestream'
  /** Regions cannot be blacked out: the pixels are not described, or nothing here decodes them. */
  | 'pixels-not-writable'

export class DeidentificationRefused extends Error {
  override readonly name = 'DeidentificationRefused'
  constructor(readonly reason: RefusalReason) {
    super(`The instance is not de-identified: ${reason}.`)
  }
}
