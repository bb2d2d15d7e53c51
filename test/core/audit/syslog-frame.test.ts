import { describe, expect, it } from 'vitest'
import { syslogFrame } from '../../../core/audit/syslog-frame.ts'

const header = { isWarning: false, timestamp: '2026-01-02T03:04:05.000006Z', host: 'pacs', processId: 42 }

describe('syslogFrame', () => {
  it('counts octets, not characters, and says that its text is UTF-8', () => {
    const frame = syslogFrame(header, '<A n="云影"/>')
    const line = '<85>1 2026-01-02T03:04:05.000006Z pacs yunying 42 DICOM+RFC3881 - \uFEFF<A n="云影"/>'
    expect(frame.toString('utf8')).toBe(`${Buffer.byteLength(line)} ${line}`)
  })

  it('warns of what should be looked at', () => {
    expect(syslogFrame({ ...header, isWarning: true }, 'x').toString()).toMatch(/^\d+ <84>1 /)
  })

  it('writes a host that no header can hold as none', () => {
    expect(syslogFrame({ ...header, host: '云影' }, 'x').toString()).toContain('Z - yunying')
    expect(syslogFrame({ ...header, host: 'a b' }, 'x').toString()).toContain('Z ab yunying')
  })
})
