declare module 'dicom-character-set' {
  /** Text of `bytes` by Specific Character Set (values joined by backslashes). Throws for an unknown defined term. */
  export function convertBytes(
    specificCharacterSet: string | undefined,
    bytes: Uint8Array,
    options?: { vr?: string },
  ): string
}
