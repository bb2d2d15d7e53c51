import { unavailable, YunyingError } from '../../core/errors.ts'

/** The pixel data cannot be decoded: corrupt, cut short, or of an absurd size. */
export const pixelFault = (what: string, cause?: unknown): YunyingError =>
  new YunyingError('invalid', 'pixel-data-invalid', `The pixel data cannot be decoded: ${what}.`, { cause })

/** What a codec threw, as what is known of it, or as a fault of the pixels. */
export const pixelFaultOf = (error: unknown): YunyingError =>
  error instanceof YunyingError ? error : pixelFault('it is not what it says', error)

/** It is the installation's fault, and says nothing about the frame. */
export const codecUnavailable = (cause: unknown): YunyingError =>
  unavailable('codec-unavailable', 'Images cannot be decoded at present; the log says why.', cause)

export const syntaxUnsupported = (): YunyingError =>
  new YunyingError(
    'unsupported',
    'transfer-syntax-unsupported',
    'Pixels of this transfer syntax cannot be decoded here; retrieve the instance as it is stored.',
  )
