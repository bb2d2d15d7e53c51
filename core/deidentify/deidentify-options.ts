import { z } from 'zod'

/** What is kept beside what the basic profile keeps (PS3.15 E.3); each is an option of the standard. */
export const DeidentifyOptions = z.object({
  /** Dates lie apart as they did, all of a patient moved by the same number of days (E.3.6); otherwise they are taken out. */
  shiftDates: z.boolean().default(false),
  /** UIDs stay (E.3.9); otherwise each becomes another, the same one everywhere. */
  keepUids: z.boolean().default(false),
  /** Sex, age, size, weight and the like (E.3.7). */
  keepPatientCharacteristics: z.boolean().default(false),
  /** Descriptions keep the words of the trade, and nothing else (E.3.5); otherwise they are taken out. */
  keepDescriptors: z.boolean().default(false),
})
export type DeidentifyOptions = z.infer<typeof DeidentifyOptions>

/** The basic profile alone. */
export const BASIC_PROFILE: DeidentifyOptions = DeidentifyOptions.parse({})
