export interface AnswerPart {
  readonly contentType: string
  readonly location: string | undefined
  readonly headers: Headers
  readonly body: Buffer
}

/** The parts of a multipart/related answer. */
export async function answerParts(response: Response): Promise<AnswerPart[]> {
  const boundary = /boundary="?([^";]+)"?/.exec(response.headers.get('Content-Type') ?? '')?.[1] ?? ''
  const whole = Buffer.from(await response.arrayBuffer())
  const mark = Buffer.from(`--${boundary}`)
  const parts: AnswerPart[] = []
  let at = whole.indexOf(mark)
  for (;;) {
    const next = whole.indexOf(mark, at + mark.length)
    if (next === -1) return parts
    // Behind the mark a line end, before the next one another.
    const part = whole.subarray(at + mark.length + 2, next - 2)
    const end = part.indexOf('\r\n\r\n')
    const lines = part.subarray(0, end).toString('latin1').split('\r\n')
    const headers = new Headers(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon), line.slice(colon + 1).trim()]
      }),
    )
    parts.push({
      contentType: headers.get('content-type') ?? '',
      location: headers.get('content-location') ?? undefined,
      headers,
      body: part.subarray(end + 4),
    })
    at = next
  }
}
