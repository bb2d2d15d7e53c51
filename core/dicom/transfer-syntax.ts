/** How a data set and its pixels are encoded. Source: PS3.5 section 10 and Annex A; media types: PS3.18 8.7.3. */
export interface TransferSyntax {
  readonly uid: string
  readonly name: string
  readonly implicit: boolean
  readonly bigEndian: boolean
  readonly deflated: boolean
  /** Pixel Data is a sequence of fragments. */
  readonly encapsulated: boolean
  /** What the syntax allows at all; the image says whether it was. */
  readonly lossy: boolean
  /** Of one frame. */
  readonly mediaType: string
}

const EXPLICIT = { implicit: false, bigEndian: false, deflated: false, encapsulated: false, lossy: false }
const NATIVE = { ...EXPLICIT, mediaType: 'application/octet-stream' }
const encapsulated = (uid: string, name: string, mediaType: string, lossy = false): TransferSyntax => ({
  ...EXPLICIT,
  encapsulated: true,
  uid,
  name,
  mediaType,
  lossy,
})

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2'
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1'
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99'
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2'

const JPEG = 'image/jpeg'
const TABLE: readonly TransferSyntax[] = [
  { ...NATIVE, uid: IMPLICIT_VR_LITTLE_ENDIAN, name: 'Implicit VR Little Endian', implicit: true },
  { ...NATIVE, uid: EXPLICIT_VR_LITTLE_ENDIAN, name: 'Explicit VR Little Endian' },
  {
    ...NATIVE,
    uid: DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    name: 'Deflated Explicit VR Little Endian',
    deflated: true,
  },
  { ...NATIVE, uid: EXPLICIT_VR_BIG_ENDIAN, name: 'Explicit VR Big Endian', bigEndian: true },
  encapsulated('1.2.840.10008.1.2.1.98', 'Encapsulated Uncompressed', 'application/octet-stream'),
  encapsulated('1.2.840.10008.1.2.4.50', 'JPEG Baseline', JPEG, true),
  encapsulated('1.2.840.10008.1.2.4.51', 'JPEG Extended', JPEG, true),
  encapsulated('1.2.840.10008.1.2.4.53', 'JPEG Spectral Selection', JPEG, true),
  encapsulated('1.2.840.10008.1.2.4.55', 'JPEG Full Progression', JPEG, true),
  encapsulated('1.2.840.10008.1.2.4.57', 'JPEG Lossless', JPEG),
  encapsulated('1.2.840.10008.1.2.4.70', 'JPEG Lossless SV1', JPEG),
  encapsulated('1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'image/jls'),
  encapsulated('1.2.840.10008.1.2.4.81', 'JPEG-LS Near-lossless', 'image/jls', true),
  encapsulated('1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless', 'image/jp2'),
  encapsulated('1.2.840.10008.1.2.4.91', 'JPEG 2000', 'image/jp2', true),
  encapsulated('1.2.840.10008.1.2.4.92', 'JPEG 2000 Part 2 Lossless', 'image/jpx'),
  encapsulated('1.2.840.10008.1.2.4.93', 'JPEG 2000 Part 2', 'image/jpx', true),
  encapsulated('1.2.840.10008.1.2.4.100', 'MPEG2 Main Profile / Main Level', 'video/mpeg', true),
  encapsulated('1.2.840.10008.1.2.4.100.1', 'Fragmentable MPEG2 MP/ML', 'video/mpeg', true),
  encapsulated('1.2.840.10008.1.2.4.101', 'MPEG2 Main Profile / High Level', 'video/mpeg', true),
  encapsulated('1.2.840.10008.1.2.4.101.1', 'Fragmentable MPEG2 MP/HL', 'video/mpeg', true),
  encapsulated('1.2.840.10008.1.2.4.102', 'MPEG-4 AVC/H.264 High Profile 4.1', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.102.1', 'Fragmentable MPEG-4 HP 4.1', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.103', 'MPEG-4 AVC/H.264 BD-compatible 4.1', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.103.1', 'Fragmentable MPEG-4 BD-compatible 4.1', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.104', 'MPEG-4 AVC/H.264 High Profile 4.2 2D', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.105', 'MPEG-4 AVC/H.264 High Profile 4.2 3D', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.107', 'HEVC/H.265 Main Profile 5.1', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.108', 'HEVC/H.265 Main 10 Profile 5.1', 'video/mp4', true),
  encapsulated('1.2.840.10008.1.2.4.110', 'JPEG XL Lossless', 'image/jxl'),
  encapsulated('1.2.840.10008.1.2.4.111', 'JPEG XL JPEG Recompression', 'image/jxl', true),
  encapsulated('1.2.840.10008.1.2.4.112', 'JPEG XL', 'image/jxl', true),
  encapsulated('1.2.840.10008.1.2.4.201', 'HTJ2K Lossless', 'image/jphc'),
  encapsulated('1.2.840.10008.1.2.4.202', 'HTJ2K Lossless RPCL', 'image/jphc'),
  encapsulated('1.2.840.10008.1.2.4.203', 'HTJ2K', 'image/jphc', true),
  encapsulated('1.2.840.10008.1.2.5', 'RLE Lossless', 'image/dicom-rle'),
  encapsulated('1.2.840.10008.1.2.8.1', 'Deflated Image Frame', 'application/octet-stream'),
]
const BY_UID = new Map(TABLE.map((syntax) => [syntax.uid, syntax]))

/** The transfer syntax of this UID, or undefined when we do not know it. */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  return BY_UID.get(uid)
}
