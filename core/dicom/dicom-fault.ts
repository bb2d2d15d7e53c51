/** Why bytes are no instance that can be kept. */
export type DicomFaultReason =
  | 'not-dicom'
  | 'dicomdir'
  | 'empty'
  | 'truncated'
  | 'identifier-missing'
  | 'identifier-invalid'
  | 'transfer-syntax-unsupported'
  | 'data-set-invalid'
  | 'header-too-large'
  | 'inflates-too-large'

/** Thrown by whatever reads DICOM; the message says what is wrong and names no patient. */
export class DicomFault extends Error {
  override readonly name = 'DicomFault'
  constructor(
    readonly reason: DicomFaultReason,
    message: string,
  ) {
    super(message)
  }
}
