/**
 * Stands in for dcmjs, of which the imaging library brings two whole copies (half of the reading room's code) to read
 * DICOM files and to know names of attributes. Files are read by the archive here, and metadata comes from our own
 * provider: only the loggers are used, and the transfer syntaxes' names.
 */
const absent = (): never => {
  throw new Error('DICOM files are read by the archive, not by this viewer.')
}

interface Logger {
  trace(...said: unknown[]): void
  debug(...said: unknown[]): void
  info(...said: unknown[]): void
  warn(...said: unknown[]): void
  error(...said: unknown[]): void
  setLevel(level: unknown): void
  getLogger(...names: string[]): Logger
}

/** Warnings and errors reach the console. */
function logger(): Logger {
  const quiet = (): void => undefined
  return {
    trace: quiet,
    debug: quiet,
    info: quiet,
    warn: (...said) => console.error(...said),
    error: (...said) => console.error(...said),
    setLevel: quiet,
    getLogger: logger,
  }
}

export const log = logger()

/** PS3.5 section 10, annex A. */
export const constants = {
  IMPLICIT_LITTLE_ENDIAN: '1.2.840.10008.1.2',
  EXPLICIT_LITTLE_ENDIAN: '1.2.840.10008.1.2.1',
  DEFLATED_EXPLICIT_LITTLE_ENDIAN: '1.2.840.10008.1.2.1.99',
  EXPLICIT_BIG_ENDIAN: '1.2.840.10008.1.2.2',
}

/**
 * At its start the library compiles its own rules for sorting images into display sets, which nothing here asks for, and
 * throws at names that are no keyword of the dictionary (PS3.6): to it, whatever begins like one is one.
 */
const nameMap = new Proxy<Record<string, { readonly tag: string }>>(
  {},
  {
    get: (_, name) => (isKeyword(name) ? { tag: '(FFFF,FFFF)' } : undefined),
    getOwnPropertyDescriptor: (_, name) =>
      isKeyword(name) ? { configurable: true, value: { tag: '(FFFF,FFFF)' } } : undefined,
  },
)

function isKeyword(name: string | symbol): boolean {
  return typeof name === 'string' && /^[A-Z]/.test(name)
}

export default {
  async: { AsyncDicomReader: absent },
  data: { DicomMetaDictionary: { dictionary: {}, nameMap } },
  utilities: { DicomMetadataListener: absent },
}
