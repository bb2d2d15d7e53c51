import { ConfigError } from '../../core/config.ts'

export interface S3Location {
  readonly host: string
  readonly port: number | undefined
  readonly tls: boolean
  readonly region: string
  readonly bucket: string
  readonly accessKey: string
  readonly secretKey: string
  /** The bucket in the path (every server), or in the host name (`path-style=false`). */
  readonly pathStyle: boolean
}

/** `s3://KEY:SECRET@host:port/bucket?tls=false&region=…`. Errors: ConfigError, which holds no value. */
export function parseS3Location(url: string): S3Location {
  const faults: string[] = []
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const bucket = parsed?.pathname.replace(/^\/|\/$/g, '') ?? ''
  if (parsed === undefined || parsed.hostname === '') faults.push('YUNYING_OBJECTS_URL: names no host')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) faults.push('YUNYING_OBJECTS_URL: names no bucket')
  if (parsed?.username === '' || parsed?.password === '') {
    faults.push('YUNYING_OBJECTS_URL: needs KEY:SECRET@ before the host (percent-encoded)')
  }
  if (parsed === undefined || faults.length > 0) throw new ConfigError(faults)
  return {
    host: parsed.hostname,
    port: parsed.port === '' ? undefined : Number(parsed.port),
    tls: parsed.searchParams.get('tls') !== 'false',
    region: parsed.searchParams.get('region') ?? 'us-east-1',
    bucket,
    accessKey: decodeURIComponent(parsed.username),
    secretKey: decodeURIComponent(parsed.password),
    pathStyle: parsed.searchParams.get('path-style') !== 'false',
  }
}
