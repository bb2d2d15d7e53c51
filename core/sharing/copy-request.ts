import type { InstanceRecord } from '../archive/instance-record.ts'
import type { ShareDeidentify } from '../contract/sharing.ts'
import type { DeidentifyRequest } from '../deidentify/deidentify-instance.ts'
import type { Pseudonyms } from '../deidentify/pseudonyms.ts'
import type { ShareSelection } from './share-link.ts'

/** Whether an instance is of the part that was chosen; without a selection everything is. */
export const isChosen = (selection: ShareSelection | null | undefined, instance: InstanceRecord): boolean =>
  selection === null ||
  selection === undefined ||
  selection.series.includes(instance.seriesInstanceUid) ||
  selection.instances.includes(instance.sopInstanceUid)

/** How an instance is de-identified, by what a person chose for all of them; regions that lie elsewhere are none of its. */
export function requestFor(
  { pixels, blackout, ...options }: ShareDeidentify,
  pseudonyms: Pseudonyms,
  instance: InstanceRecord,
): DeidentifyRequest {
  return {
    options,
    pseudonyms,
    confirmed: pixels === 'confirmed',
    blackout: blackout.filter((region) => isWithin(region, instance)).flatMap(({ rectangles }) => rectangles),
  }
}

const isWithin = (
  { seriesInstanceUid, size, instances }: ShareDeidentify['blackout'][number],
  { layout: { pixels }, ...instance }: InstanceRecord,
): boolean =>
  seriesInstanceUid === instance.seriesInstanceUid &&
  (size === undefined || (size.rows === pixels?.rows && size.columns === pixels.columns)) &&
  (instances === undefined || instances.includes(instance.sopInstanceUid))
