import { randomBytes } from 'node:crypto'
import { listInstances, type InstanceRecord } from '../archive/instance-record.ts'
import type { ExportStudy } from '../contract/sharing.ts'
import { pseudonyms, type Pseudonyms } from '../deidentify/pseudonyms.ts'
import { firstString, type DicomJson } from '../dicom/dicom-json.ts'
import { imageKeys, recordKeys } from '../dicom/media/record-keys.ts'
import { recordType } from '../dicom/media/record-type.ts'
import { Tag } from '../dicom/tag.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { isChosen, requestFor } from '../sharing/copy-request.ts'
import { deidentifiedNote, type LeftOut } from './deidentified-note.ts'
import { readyInstance, type ReadyInstance } from './ready-instance.ts'
import { fileIdOf, studyDicomdir, type SeriesOfFiles } from './study-directory.ts'
import { writeZip, type ZipEntry } from './write-zip.ts'

/** A directory wants a date (PS3.3 F.5.2); what was taken out is said as in the instances. */
const NO_DATE = { date: '19000101', time: '000000' }

export interface DeidentifiedZip {
  /** What stands for the patient in it. */
  readonly pseudonym: string
  /** Instances that were asked for; which of them can leave is known when the last one is made. */
  readonly instances: number
  /** About as many bytes as the whole will have. */
  readonly expectedSize: number
  readonly body: AsyncGenerator<Uint8Array>
}

interface Making {
  readonly wanted: ExportStudy
  readonly pseudonyms: Pseudonyms
  readonly signal: AbortSignal
}

/** What is in the ZIP so far. */
interface Made {
  study: DicomJson | undefined
  readonly series: (SeriesOfFiles & { readonly seriesId: string })[]
  instances: number
  readonly leftOut: LeftOut[]
}

/**
 * A study, or a part of it, without names, as one ZIP (PS3.12 Annex V): made while it is read, each instance de-identified as
 * its turn comes, with pseudonyms that no other export has. Behind the instances are their DICOMDIR and a text that says what
 * was done and what is left out; the comment of the ZIP counts both. Nothing of it is kept here.
 *
 * Errors: 'conflict' code 'nothing-without-names' when no instance can leave.
 */
export async function deidentifiedZip(
  pacs: Pick<Pacs, 'database' | 'objects' | 'codec' | 'clock'>,
  studyId: string,
  wanted: ExportStudy,
  signal: AbortSignal,
): Promise<DeidentifiedZip> {
  const asked = { instances: 0, size: 0 }
  for await (const instance of listInstances(pacs.database, { studyId })) {
    if (!isChosen(wanted.selection, instance)) continue
    asked.instances += 1
    asked.size += instance.size
  }
  const made: Made = { study: undefined, series: [], instances: 0, leftOut: [] }
  const making: Making = { wanted, pseudonyms: pseudonyms(randomBytes(32)), signal }
  const entries = entriesOf(pacs, studyId, making, made)
  // An answer that has begun cannot become a refusal.
  const first = await entries.next()
  if (first.done === true)
    throw new YunyingError(
      'conflict',
      'nothing-without-names',
      'None of these images can leave without names. Look at those that may show one, or choose others.',
    )
  return {
    pseudonym: firstString(made.study ?? {}, Tag.PatientID) ?? '',
    instances: asked.instances,
    expectedSize: asked.size,
    body: writeZip(startingWith(first.value, entries), {
      modified: new Date(pacs.clock.now()),
      comment: () => `Without names. Instances: ${made.instances}. Left out: ${made.leftOut.length}.`,
    }),
  }
}

async function* startingWith(first: ZipEntry, rest: AsyncGenerator<ZipEntry>): AsyncGenerator<ZipEntry> {
  yield first
  yield* rest
}

async function* entriesOf(
  pacs: Pick<Pacs, 'database' | 'objects' | 'codec'>,
  studyId: string,
  { wanted, pseudonyms: names, signal }: Making,
  made: Made,
): AsyncGenerator<ZipEntry> {
  const modalities = await modalitiesOf(pacs, studyId)
  for await (const instance of listInstances(pacs.database, { studyId })) {
    if (!isChosen(wanted.selection, instance)) continue
    const how = requestFor(wanted.deidentify, names, instance)
    const ready = await readyInstance(pacs, instance, how, signal)
    if ('refusal' in ready) {
      made.leftOut.push({ modality: modalities.get(instance.seriesId) ?? '', reason: ready.refusal })
      continue
    }
    yield { name: listed(made, instance, ready).join('/'), size: ready.size, open: ready.open }
  }
  if (made.study === undefined) return
  const { study, series } = made
  yield entryOf('DICOMDIR', studyDicomdir({ study, first: study, series, noDate: NO_DATE }))
  yield entryOf('DEIDENTIFIED.TXT', deidentifiedNote(wanted.deidentify, made))
}

/** Puts the instance into the directory, by nothing but what its de-identified header says. Answers its File ID. */
function listed(made: Made, instance: InstanceRecord, { json, transferSyntaxUid }: ReadyInstance): string[] {
  made.study ??= json
  made.instances += 1
  const { seriesId, sopClassUid } = instance
  let series = made.series.at(-1)
  if (series?.seriesId !== seriesId) {
    series = { seriesId, attributes: json, records: [] }
    made.series.push(series)
  }
  const fileId = fileIdOf(made.series.length - 1, series.records.length)
  const place = series.records.length + 1
  const type = recordType(sopClassUid, instance.layout.frames.kind !== 'none')
  const number = Number(firstString(json, Tag.InstanceNumber) ?? place)
  series.records.push({
    type,
    keys:
      type === 'IMAGE' ? imageKeys(Number.isInteger(number) ? number : place) : recordKeys(type, json, place),
    file: {
      fileId,
      sopClassUid,
      sopInstanceUid: firstString(json, Tag.SOPInstanceUID) ?? '',
      transferSyntaxUid,
    },
    lower: [],
  })
  return fileId
}

const entryOf = (name: string, bytes: Uint8Array): ZipEntry => ({
  name,
  size: bytes.length,
  async *open() {
    yield await Promise.resolve(bytes)
  },
})

async function modalitiesOf(
  pacs: Pick<Pacs, 'database'>,
  studyId: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await pacs.database.query<{ id: string; modality: string | null }>(
    'select series_id as id, modality from series where study_id = $1',
    [studyId],
  )
  return new Map(rows.map(({ id, modality }) => [id, modality ?? '']))
}
