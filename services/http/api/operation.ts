import type { z } from 'zod'

/** What a route is for and the shapes it takes and gives. */
export interface Operation {
  readonly summary: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
}
