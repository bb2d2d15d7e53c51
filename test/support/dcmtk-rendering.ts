import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Requirement } from './require.ts'

const BIN = '/usr/bin'

/** Programs of others that render DICOM: DCMTK's, and GDCM's decoder for JPEG 2000, which DCMTK has not. */
export const RENDERERS: Requirement = {
  name: 'dcm2pnm, dcmj2pnm, dcml2pnm and gdcmconv',
  remedy: 'apt-get install dcmtk libgdcm-tools',
  found: ['dcm2pnm', 'dcmj2pnm', 'dcml2pnm', 'gdcmconv'].every((each) => existsSync(join(BIN, each))),
}

export interface Rendering {
  readonly width: number
  readonly height: number
  /** Row by row; grey as three times the same. */
  readonly rgb: Uint8Array
}

/** DCMTK has a program for each family of codecs: JPEG, JPEG-LS, and all the others it knows. */
function programFor(transferSyntaxUid: string): string {
  if (/\.4\.(50|51|53|55|57|70)$/.test(transferSyntaxUid)) return 'dcmj2pnm'
  return /\.4\.8[01]$/.test(transferSyntaxUid) ? 'dcml2pnm' : 'dcm2pnm'
}

/** JPEG 2000 is decoded by GDCM first. */
export const isDecodedByGdcm = (transferSyntaxUid: string): boolean => /\.4\.9[01]$/.test(transferSyntaxUid)

/**
 * The first frame of a file as DCMTK renders it, without overlays.
 *
 * @param options of dcm2pnm: the window
 */
export function renderedByDcmtk(
  file: string,
  transferSyntaxUid: string,
  options: readonly string[],
): Rendering {
  const folder = mkdtempSync(join(tmpdir(), 'yunying-render-'))
  try {
    const isPlain = !isDecodedByGdcm(transferSyntaxUid)
    const plain = isPlain ? file : join(folder, 'plain.dcm')
    if (!isPlain) execFileSync(join(BIN, 'gdcmconv'), ['-w', file, plain], { stdio: 'ignore' })
    const out = join(folder, 'out.pnm')
    const program = join(BIN, programFor(transferSyntaxUid))
    execFileSync(program, ['-q', '+F', '1', '-O', ...options, plain, out], { stdio: 'pipe' })
    return parsePnm(readFileSync(out))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A binary PGM or PPM of 8 bits. */
function parsePnm(bytes: Buffer): Rendering {
  const head = /^(P[56])\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+255\s/.exec(
    bytes.subarray(0, 400).toString('latin1'),
  )
  if (head === null) throw new Error('what dcm2pnm wrote is no picture of 8 bits')
  const [whole, kind, width, height] = head
  const samples = bytes.subarray(whole.length)
  const rgb =
    kind === 'P6'
      ? new Uint8Array(samples)
      : Uint8Array.from({ length: samples.length * 3 }, (_, at) => samples[Math.floor(at / 3)] ?? 0)
  return { width: Number(width), height: Number(height), rgb }
}
