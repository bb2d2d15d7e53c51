/** A media type with its parameters; type and parameter names in lower case, values as written (without quotes). */
export interface ContentType {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
}

const PARAMETER = /;\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*("((?:[^"\\]|\\.)*)"|[^;]*)/g

/** Reads a Content-Type header. Source: RFC 9110 8.3.1; unquoted values may hold what quoting is for, as some senders write `type=application/dicom`. */
export function parseContentType(header: string): ContentType {
  const semicolon = header.indexOf(';')
  const type = (semicolon < 0 ? header : header.slice(0, semicolon)).trim().toLowerCase()
  const parameters = new Map<string, string>()
  if (semicolon >= 0) {
    for (const [, name = '', raw = '', quoted] of header.slice(semicolon).matchAll(PARAMETER)) {
      parameters.set(name.toLowerCase(), quoted === undefined ? raw.trim() : quoted.replace(/\\(.)/g, '$1'))
    }
  }
  return { type, parameters }
}
