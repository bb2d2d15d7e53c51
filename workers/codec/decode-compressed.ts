import codecs, { type Context } from 'dcmjs-codecs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { codestreamFault, isPlanarJpegLs } from '../../core/dicom/codestream-size.ts'
import { isHtj2k, usesColourTransform } from '../../core/dicom/htj2k.ts'
import { interleave } from '../../core/dicom/native-frame.ts'
import { linesFromOpenJph } from '../../core/dicom/openjph-lines.ts'
import type { PixelDescription } from '../../core/dicom/pixel-description.ts'
import { pixelFault, syntaxUnsupported } from './pixel-fault.ts'

// A CommonJS module: Node finds no names in it to import.
const { NativeCodecs } = codecs

type Decoder = (context: Context) => Context

/** IJG, CharLS, OpenJPEG, OpenJPH and libjxl in one WebAssembly module. */
const DECODERS: Readonly<Record<string, Decoder>> = {
  '1.2.840.10008.1.2.4.50': jpeg,
  '1.2.840.10008.1.2.4.51': jpeg,
  '1.2.840.10008.1.2.4.53': jpeg,
  '1.2.840.10008.1.2.4.55': jpeg,
  '1.2.840.10008.1.2.4.57': jpeg,
  '1.2.840.10008.1.2.4.70': jpeg,
  '1.2.840.10008.1.2.4.80': (context) => NativeCodecs.decodeJpegLs(context),
  '1.2.840.10008.1.2.4.81': (context) => NativeCodecs.decodeJpegLs(context),
  '1.2.840.10008.1.2.4.90': (context) => NativeCodecs.decodeJpeg2000(context),
  '1.2.840.10008.1.2.4.91': (context) => NativeCodecs.decodeJpeg2000(context),
  '1.2.840.10008.1.2.4.110': (context) => NativeCodecs.decodeJpegXl(context),
  '1.2.840.10008.1.2.4.111': (context) => NativeCodecs.decodeJpegXl(context),
  '1.2.840.10008.1.2.4.112': (context) => NativeCodecs.decodeJpegXl(context),
  '1.2.840.10008.1.2.4.201': (context) => NativeCodecs.decodeHtJpeg2000(context),
  '1.2.840.10008.1.2.4.202': (context) => NativeCodecs.decodeHtJpeg2000(context),
  '1.2.840.10008.1.2.4.203': (context) => NativeCodecs.decodeHtJpeg2000(context),
}

function jpeg(context: Context): Context {
  const isYbr = context.getPhotometricInterpretation()?.startsWith('YBR') ?? false
  return NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: isYbr })
}

export interface CompressedFrame {
  readonly bytes: Uint8Array
  readonly photometricInterpretation: string
}

export const isCompressed = (transferSyntaxUid: string): boolean => transferSyntaxUid in DECODERS

/** Stored values of a compressed frame, in `bitsAllocated` bits. Errors: 'pixel-data-invalid', 'transfer-syntax-unsupported'. */
export async function decodeCompressed(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  pixels: PixelDescription,
): Promise<CompressedFrame> {
  const decoder = DECODERS[transferSyntaxUid]
  if (decoder === undefined) throw syntaxUnsupported()
  const fault = codestreamFault(bytes, pixels)
  if (fault !== undefined) throw pixelFault(fault)
  await initialise()
  const context = new codecs.Context({
    width: pixels.columns,
    height: pixels.rows,
    bitsAllocated: pixels.bitsAllocated,
    bitsStored: pixels.bitsStored,
    samplesPerPixel: pixels.samplesPerPixel,
    pixelRepresentation: pixels.pixelRepresentation,
    planarConfiguration: pixels.planarConfiguration,
    photometricInterpretation: pixels.photometricInterpretation,
    encodedBuffer: bytes,
  })
  let decoded: Context
  try {
    decoded = decoder(context)
  } catch (error) {
    // What the codec left in its memory may spoil the next frame: it starts afresh.
    NativeCodecs.release()
    throw pixelFault('the codec refused it', error)
  }
  const frame = decoded.getDecodedBuffer()
  const size = pixels.rows * pixels.columns * pixels.samplesPerPixel * (pixels.bitsAllocated / 8)
  if (frame === undefined || frame.length < size) throw pixelFault('the frame is too short')
  const whole = frame.subarray(0, size)
  const { photometricInterpretation } = pixels
  const isYbr = photometricInterpretation.startsWith('YBR')
  if (pixels.samplesPerPixel > 1 && isHtj2k(transferSyntaxUid) && !usesColourTransform(bytes)) {
    const bytesPerSample = pixels.bitsAllocated === 8 ? 1 : 2
    return {
      bytes: linesFromOpenJph(whole, { ...pixels, components: pixels.samplesPerPixel, bytesPerSample }),
      // Nothing was transformed, so nothing was transformed back.
      photometricInterpretation,
    }
  }
  return {
    bytes:
      pixels.samplesPerPixel > 1 && isPlanarJpegLs(bytes)
        ? interleave(whole, pixels.samplesPerPixel, pixels.bitsAllocated / 8)
        : whole,
    photometricInterpretation: isYbr ? 'RGB' : photometricInterpretation,
  }
}

async function initialise(): Promise<void> {
  if (NativeCodecs.isInitialized()) return
  // It writes each corrupt frame's complaint to the console; the error says it.
  codecs.log.disableAll()
  const entry = createRequire(import.meta.url).resolve('dcmjs-codecs')
  await NativeCodecs.initializeAsync({
    webAssemblyModulePathOrUrl: join(dirname(entry), 'dcmjs-native-codecs.wasm'),
    logCodecsInfo: false,
    logCodecsTrace: false,
  })
}
