import { YunyingError } from '../../../core/errors.ts'

/** One media range of an Accept header, PS3.18 8.7.5. */
export interface MediaRange {
  /** Lower case: `multipart/related`, `image/*`. */
  readonly type: string
  /** The `type` parameter of multipart/related, lower case: what each part is. */
  readonly part: string | undefined
  /** The `transfer-syntax` parameter: a UID, `*`, or undefined. */
  readonly transferSyntax: string | undefined
  readonly quality: number
}

/** The ranges of an Accept header, best first; an absent header accepts anything. `?accept=` of the query comes first (PS3.18 8.3.3.1). */
export function parseAccept(header: string, query: URLSearchParams): MediaRange[] {
  const asked = query.getAll('accept').join(',') || header
  const ranges = splitOutsideQuotes(asked, ',')
    .map(parseRange)
    .filter((range) => range.type !== '')
  if (ranges.length === 0) return [{ type: '*/*', part: undefined, transferSyntax: undefined, quality: 1 }]
  return ranges.filter((range) => range.quality > 0).sort((a, b) => b.quality - a.quality)
}

function parseRange(text: string): MediaRange {
  const [type = '', ...rest] = splitOutsideQuotes(text, ';').map((part) => part.trim())
  const parameters = new Map(
    rest.map((parameter) => {
      const at = parameter.indexOf('=')
      const name = parameter.slice(0, at).trim().toLowerCase()
      return [
        name,
        parameter
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      ]
    }),
  )
  const quality = Number(parameters.get('q') ?? '1')
  return {
    type: type.toLowerCase(),
    part: parameters.get('type')?.toLowerCase(),
    transferSyntax: parameters.get('transfer-syntax'),
    quality: Number.isFinite(quality) ? quality : 1,
  }
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  return text.match(new RegExp(`(?:"[^"]*"|[^"${separator}])+`, 'g')) ?? []
}

/** Whether a media type lies in a range such as `image/*`. */
export function matches(range: string, mediaType: string): boolean {
  if (range === '*/*' || range === '*' || range === mediaType) return true
  return range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1))
}

/** The first of `offered` that an accepted range allows, in the order of the client's wishes. Errors: 'not-acceptable' code 'media-type-not-acceptable'. */
export function choose<T extends string>(ranges: readonly MediaRange[], offered: readonly T[]): T {
  for (const range of ranges) {
    const found = offered.find((mediaType) => matches(range.type, mediaType))
    if (found !== undefined) return found
  }
  throw notAcceptable(offered)
}

export function notAcceptable(offered: readonly string[]): YunyingError {
  return new YunyingError(
    'not-acceptable',
    'media-type-not-acceptable',
    `This can be had as ${offered.join(', ')}. Change the Accept header.`,
  )
}
