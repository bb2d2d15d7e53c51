/** The longest comment that an archive of ours has, with the record before it. Bytes. */
const TAIL = 200

/** What a ZIP of de-identified images says of itself at its end (core/media/deidentified-zip.ts). */
export async function zipNote(
  zip: Blob,
): Promise<{ readonly instances: number; readonly leftOut: number } | undefined> {
  const tail = await zip.slice(Math.max(0, zip.size - TAIL)).text()
  const match = /Instances: (\d+)\. Left out: (\d+)\.$/.exec(tail)
  return match === null ? undefined : { instances: Number(match[1]), leftOut: Number(match[2]) }
}
