/** What is before the message in a line of syslog. */
export interface SyslogHeader {
  /** Whether somebody should look: severity 4 (warning), else 5 (notice). */
  readonly isWarning: boolean
  /** UTC, at most microseconds, `Z` at its end. */
  readonly timestamp: string
  readonly host: string
  readonly processId: number
}

/** Security and authorization messages. */
const FACILITY = 10
const NOTICE = 5
const WARNING = 4
/** Receivers tell by it what the message is. PS3.15 A.6. */
const MESSAGE_ID = 'DICOM+RFC3881'
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * A message as it goes over the wire: its length in octets, a space, the line, whose text is UTF-8 and says so.
 *
 * Source: RFC 5424 6 (the line), RFC 5425 4.3 (octet counting), PS3.15 A.6 (facility, severity, MSGID).
 */
export function syslogFrame(
  { isWarning, timestamp, host, processId }: SyslogHeader,
  message: string,
): Buffer {
  const priority = FACILITY * 8 + (isWarning ? WARNING : NOTICE)
  const line = `<${priority}>1 ${timestamp} ${printable(host)} yunying ${processId} ${MESSAGE_ID} - ${BYTE_ORDER_MARK}${message}`
  const bytes = Buffer.from(line, 'utf8')
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes])
}

/** PRINTUSASCII, 1 to 255 of them. */
const printable = (host: string): string => host.replace(/[^\x21-\x7e]/g, '').slice(0, 255) || '-'
