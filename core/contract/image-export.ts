import { z } from 'zod'

export const EXPORT_FORMATS = ['png', 'jpeg', 'webm', 'print'] as const

/** What is about to be taken out of the archive as pictures; told before it is. Ids, counts and codes: no name. */
export const ImageExport = z.object({
  format: z.enum(EXPORT_FORMATS),
  /** Of the pictures; several where panes are printed as they are. */
  seriesInstanceUids: z
    .array(
      z
        .string()
        .regex(/^[\d.]+$/)
        .max(64),
    )
    .min(1)
    .max(64),
  /** Images that are in it. */
  count: z.number().int().min(1).max(100_000),
  /** With the patient's name and what else is known of them. */
  identified: z.boolean(),
})
export type ImageExport = z.infer<typeof ImageExport>
