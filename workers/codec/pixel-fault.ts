import { YunyingError } from '../../core/errors.ts'

/** The pixel data cannot be decoded: corrupt, cut short, or of an absurd size. */
export const pixelFault = (what: string, cause?: unknown): YunyingError =>
  new YunyingError('invalid', 'pixel-data-invalid', `The pixel data cannot be decoded: ${what}.`, { cause })

export const syntaxUnsupported = (): YunyingError =>
  new YunyingError(
    'unsupported',
    'transfer-syntax-unsupported',
    'Pixels of this transfer syntax cannot be decoded here; retrieve the instance as it is stored.',
  )
