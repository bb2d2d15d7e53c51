import type Koa from 'koa'
import type { z } from 'zod'
import { YunyingError, invalid } from '../../core/errors.ts'
import { parseContentType } from './content-type.ts'
import { drainRequest, requestBytes } from './request-bytes.ts'

const MIB = 1 << 20

/**
 * The request's JSON body in the shape of `schema`. Errors: 'invalid' code 'body-invalid', naming the fields; 'limit' over
 * `mebibytes`.
 */
export async function readJson<Schema extends z.ZodType>(
  ctx: Koa.Context,
  schema: Schema,
  { mebibytes = 1 } = {},
): Promise<z.infer<Schema>> {
  if (parseContentType(ctx.get('Content-Type')).type !== 'application/json') {
    throw new YunyingError('unsupported', 'body-not-json', 'Send JSON with Content-Type: application/json.')
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of requestBytes(ctx.req)) {
    size += chunk.length
    if (size > mebibytes * MIB) {
      drainRequest(ctx)
      throw new YunyingError('limit', 'body-too-large', `The request is larger than ${mebibytes} MiB.`)
    }
    chunks.push(chunk)
  }
  return parse(schema, parseText(Buffer.concat(chunks).toString('utf8')))
}

/** The query of a request in the shape of `schema`; a repeated name becomes a list. Errors: 'invalid' code 'query-invalid'. */
export function readQuery<Schema extends z.ZodType>(query: URLSearchParams, schema: Schema): z.infer<Schema> {
  const given: Record<string, string | string[]> = {}
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name)
    given[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return parse(schema, given, 'query-invalid')
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid('body-invalid', 'The body is not JSON.', error)
  }
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code = 'body-invalid',
): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw invalid(code, `Correct these fields: ${fields.join('; ')}.`)
}
