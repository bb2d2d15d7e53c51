import { readInstance, servedInstance, streamInstance } from '../archive/serve-instance.ts'
import type { Pacs } from '../pacs.ts'
import type { GuideFile } from './patient-guide.ts'
import { studyFileSet, type FileSetMember } from './study-file-set.ts'
import { writeZip, zipSize, type ZipEntry } from './write-zip.ts'

/** Smaller instances are read at once: a stream costs more than their bytes. Bytes. */
const LARGEST_READ = 4 << 20

export interface StudyZip {
  /** Bytes of the whole. */
  readonly size: number
  /** Instances in it; the DICOMDIR is none. */
  readonly instances: number
  readonly body: AsyncGenerator<Uint8Array>
}

/**
 * A study as one ZIP (PS3.12 Annex V): its DICOMDIR and every instance, with the bytes that retrieving it alone answers.
 * Made while it is read; `guide` lies beside them. Errors: 'not-found' code 'study-empty'.
 */
export async function studyZip(
  pacs: Pick<Pacs, 'database' | 'objects' | 'clock'>,
  studyId: string,
  signal: AbortSignal,
  guide: readonly GuideFile[] = [],
): Promise<StudyZip> {
  const { dicomdir, members } = await studyFileSet(pacs, studyId)
  const entries = [
    { name: 'DICOMDIR', size: dicomdir.length, open: () => oneChunk(Promise.resolve(dicomdir)) },
    ...guide.map(({ name, bytes }) => ({
      name,
      size: bytes.length,
      open: () => oneChunk(Promise.resolve(bytes)),
    })),
    ...members.map((member) => entryOf(pacs, member, signal)),
  ]
  return {
    size: zipSize(entries),
    instances: members.length,
    body: writeZip(entries, { modified: new Date(pacs.clock.now()) }),
  }
}

function entryOf(pacs: Pick<Pacs, 'objects'>, member: FileSetMember, signal: AbortSignal): ZipEntry {
  return {
    name: member.fileId.join('/'),
    size: servedInstance(member).size,
    open: () =>
      member.size <= LARGEST_READ
        ? oneChunk(readInstance(pacs, member))
        : streamInstance(pacs, member, signal),
  }
}

async function* oneChunk(bytes: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes
}
