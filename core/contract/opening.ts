import { z } from 'zod'
import { StudyOpening } from './api.ts'
import { KeptProtocol } from './hanging.ts'

// --- GET /api/studies/{studyInstanceUid}/opening: all that a reading room needs to begin, in one answer
export const OpeningPacket = z.object({
  opening: StudyOpening,
  /** Hanging protocols for who asks, without the built-in ones. */
  protocols: z.array(KeptProtocol),
  /** The series in the first pane; absent where there is none. */
  first: z
    .object({
      seriesInstanceUid: z.string(),
      /** DICOM JSON, as WADO-RS answers them; absent of a series that is very long. */
      instances: z.array(z.unknown()).optional(),
      /** The image it begins with as a JPEG, in base 64, where it is alone on the screen and lies as it is filed. */
      picture: z.string().optional(),
    })
    .optional(),
})
export type OpeningPacket = z.infer<typeof OpeningPacket>
