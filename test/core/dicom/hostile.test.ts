import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { DicomFault } from '../../../core/dicom/dicom-fault.ts'
import { InstanceScanner } from '../../../core/dicom/instance-scanner.ts'
import { describeWith } from '../../support/require.ts'
import { sharedDicom } from '../../support/shared-dicom.ts'

const folder = sharedDicom()

/** What becomes of bytes: stored (with what was read leniently), or the reason why not. */
function verdict(bytes: Uint8Array): string {
  const scanner = new InstanceScanner()
  try {
    scanner.write(bytes)
    const { warnings } = scanner.end()
    return ['stored', ...new Set(warnings)].join(' ')
  } catch (error) {
    if (error instanceof DicomFault) return error.reason
    throw error
  }
}

/** By docs/decisions/0002-leniency.md: what can be identified is kept, and what was wrong about it is said. */
const VERDICTS: Readonly<Record<string, string>> = {
  'from-repos/1403-OB.dcm': 'stored',
  'from-repos/2017-06-27-XSSInjection.dcm': 'stored pixel-data-missing',
  'from-repos/2026-05-06-Deeply-Nested-Sequence.dcm': 'stored',
  'from-repos/2026-05-26-oob-monochrome-46341.dcm': 'stored pixel-data-short',
  'from-repos/2026-05-26-oob-monochrome-65535.dcm': 'stored pixel-data-short',
  'from-repos/3gb-bulk-data-declared-100kB-present.dcm': 'truncated',
  'from-repos/ExplVR_BigEndNoMeta.dcm': 'stored no-file-meta',
  'from-repos/ExplVR_LitEndNoMeta.dcm': 'stored no-file-meta',
  'from-repos/FreezePattern.dcm': 'identifier-missing',
  'from-repos/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm': 'stored',
  'from-repos/GH178.dcm': 'stored pixel-data-missing',
  'from-repos/GH179A.dcm': 'stored pixel-data-missing',
  'from-repos/GH184.dcm': 'stored',
  'from-repos/GH220.dcm': 'identifier-missing',
  'from-repos/GH223.dcm': 'identifier-missing',
  'from-repos/GH487.dcm': 'identifier-missing',
  'from-repos/GH626.dcm': 'truncated',
  'from-repos/Issue1097_FailToOpenDeflatedFileWithSQ.dcm': 'stored',
  'from-repos/Issue146.dcm': 'stored',
  'from-repos/Issue195.dcm': 'identifier-missing',
  'from-repos/JPEG2000-embedded-sequence-delimiter.dcm': 'stored',
  'from-repos/MR_truncated.dcm': 'truncated',
  'from-repos/UN_sequence.dcm': 'identifier-missing',
  'from-repos/UnknownSopClassUid.dcm': 'stored',
  'from-repos/badVR.dcm': 'stored meta-instance-differs',
  'from-repos/bad_sequence.dcm': 'identifier-invalid',
  'from-repos/dwv-no-number-rows.dcm': 'identifier-missing',
  'from-repos/dwv-test_bad.zip': 'not-dicom',
  'from-repos/empty_charset_LEI.dcm': 'identifier-missing',
  'from-repos/emri_small_jpeg_2k_lossless_too_short.dcm': 'stored no-sequence-delimiter',
  'from-repos/explicit_VR-UN.dcm': 'stored',
  'from-repos/invalid-vr-length-test.dcm': 'stored',
  'from-repos/jpegll-bad-sv.dcm': 'stored meta-instance-differs',
  'from-repos/meta_missing_tsyntax.dcm': 'identifier-missing',
  'from-repos/nested_priv_SQ.dcm': 'identifier-missing',
  'from-repos/no-meta-length-test.dcm': 'stored meta-instance-differs',
  'from-repos/no_meta.dcm': 'not-dicom',
  'from-repos/no_meta_group_length.dcm': 'identifier-missing',
  'from-repos/no_preamble_dicm_in_data.dcm': 'identifier-missing',
  'from-repos/rtplan_truncated.dcm': 'truncated',
  'from-repos/zipMR.gz': 'not-dicom',
  'id-collision/Image1.dcm': 'stored',
  'id-collision/Image2.dcm': 'stored',
  'id-collision/Image3.dcm': 'stored',
  'made/bidi-override-name.dcm': 'stored',
  'made/bits-allocated-7.dcm': 'stored pixels-not-described',
  'made/bits-stored-above-allocated.dcm': 'stored',
  'made/charset-unknown.dcm': 'stored',
  'made/control-valid.dcm': 'stored',
  'made/crlf-and-nul-text.dcm': 'stored',
  'made/date-empty-and-age-bad.dcm': 'stored',
  'made/dates-invalid.dcm': 'stored',
  'made/deflated-corrupt.dcm': 'data-set-invalid',
  'made/deflated-cut.dcm': 'truncated',
  'made/deflated-valid.dcm': 'stored',
  'made/ds-overflow-and-text.dcm': 'stored',
  'made/dup-sop-a.dcm': 'stored',
  'made/dup-sop-b-other-pixels.dcm': 'stored',
  'made/dup-sop-c-other-study.dcm': 'stored',
  'made/duplicate-elements.dcm': 'stored',
  'made/empty-PatientID.dcm': 'stored',
  'made/empty-SOPClassUID.dcm': 'identifier-missing',
  'made/empty-SOPInstanceUID.dcm': 'identifier-missing',
  'made/empty-SeriesInstanceUID.dcm': 'identifier-missing',
  'made/empty-StudyInstanceUID.dcm': 'identifier-missing',
  'made/empty.dcm': 'empty',
  'made/encapsulated-bot-offsets-beyond-end.dcm': 'stored',
  'made/encapsulated-fragment-declares-2gib.dcm': 'truncated',
  'made/encapsulated-j2k-declares-4gpx.dcm': 'stored',
  'made/encapsulated-j2k-header-only.dcm': 'stored',
  'made/encapsulated-jpeg-random-bytes.dcm': 'stored',
  'made/encapsulated-jpegls-declares-65535.dcm': 'stored',
  'made/encapsulated-no-fragments.dcm': 'stored frames-missing',
  'made/encapsulated-no-offset-table-item.dcm': 'stored no-offset-table-item',
  'made/encapsulated-no-sequence-delimiter.dcm': 'stored no-sequence-delimiter',
  'made/encapsulated-rle-never-ends.dcm': 'stored',
  'made/encapsulated-rle-segment-offset-beyond-end.dcm': 'stored',
  'made/frames-2147483647.dcm': 'stored pixel-data-short',
  'made/frames-negative.dcm': 'stored',
  'made/frames-text.dcm': 'stored',
  'made/group0000-and-group0002-in-dataset.dcm': 'stored meta-instance-differs',
  'made/html-named.dcm': 'not-dicom',
  'made/item-longer-than-sequence.dcm': 'identifier-missing',
  'made/magic-at-wrong-offset.dcm': 'not-dicom',
  'made/meta-class-differs-from-dataset.dcm': 'stored meta-class-differs',
  'made/meta-group-length-wrong.dcm': 'stored',
  'made/meta-group-length-zero.dcm': 'stored',
  'made/meta-sop-differs-from-dataset.dcm': 'stored meta-instance-differs',
  'made/missing-PatientID.dcm': 'stored',
  'made/missing-SOPClassUID.dcm': 'identifier-missing',
  'made/missing-SOPInstanceUID.dcm': 'identifier-missing',
  'made/missing-SeriesInstanceUID.dcm': 'identifier-missing',
  'made/missing-StudyInstanceUID.dcm': 'identifier-missing',
  'made/name-60k.dcm': 'stored',
  'made/nested-3000-sequences.dcm': 'stored',
  'made/no-meta-explicit-le.dcm': 'stored no-file-meta',
  'made/no-preamble-starts-at-DICM.dcm': 'stored',
  'made/only-preamble-and-magic.dcm': 'truncated',
  'made/palette-without-lut.dcm': 'stored',
  'made/path-in-patientid.dcm': 'stored',
  'made/pdf-named.dcm': 'not-dicom',
  'made/photometric-missing.dcm': 'stored',
  'made/photometric-nonsense.dcm': 'stored',
  'made/pixeldata-declares-2GiB.dcm': 'truncated',
  'made/pixeldata-declares-4GiB.dcm': 'truncated',
  'made/pixeldata-empty.dcm': 'stored',
  'made/pixeldata-missing.dcm': 'stored pixel-data-missing',
  'made/pixeldata-too-long.dcm': 'stored',
  'made/pixeldata-too-short.dcm': 'stored pixel-data-short',
  'made/png-named.dcm': 'not-dicom',
  'made/preamble-ELF.dcm': 'stored',
  'made/preamble-MZ-pe.dcm': 'stored',
  'made/preamble-html-script.dcm': 'stored',
  'made/preamble-pdf.dcm': 'stored',
  'made/preamble-shebang.dcm': 'stored',
  'made/preamble-tiff-legal.dcm': 'stored',
  'made/preamble-zip-local-header.dcm': 'stored',
  'made/private-ob-declares-1GiB.dcm': 'truncated',
  'made/private-without-creator-odd-length.dcm': 'stored',
  'made/random-8k.dcm': 'not-dicom',
  'made/rows-cols-65535.dcm': 'stored pixel-data-short',
  'made/rows-missing.dcm': 'stored pixels-not-described',
  'made/rows-zero.dcm': 'stored pixels-not-described',
  'made/same-series-in-two-studies-0.dcm': 'stored',
  'made/same-series-in-two-studies-1.dcm': 'stored',
  'made/same-series-other-modality-0.dcm': 'stored',
  'made/same-series-other-modality-1.dcm': 'stored',
  'made/same-study-other-patient-0.dcm': 'stored',
  'made/same-study-other-patient-1.dcm': 'stored',
  'made/samples-2.dcm': 'stored pixel-data-short',
  'made/sequence-undefined-length-never-ends.dcm': 'truncated',
  'made/sql-and-formula-text.dcm': 'stored',
  'made/tags-out-of-order.dcm': 'stored tags-out-of-order',
  'made/text-named.dcm': 'not-dicom',
  'made/trailing-garbage-after-dataset.dcm': 'stored trailing-bytes',
  'made/truncated-mid-header.dcm': 'truncated',
  'made/truncated-mid-meta.dcm': 'truncated',
  'made/truncated-mid-pixeldata.dcm': 'truncated',
  'made/ts-missing.dcm': 'stored transfer-syntax-missing',
  'made/ts-says-bigendian-is-little.dcm': 'stored transfer-syntax-differs',
  'made/ts-says-deflated-is-not.dcm': 'stored transfer-syntax-differs',
  'made/ts-says-implicit-is-explicit.dcm': 'stored transfer-syntax-differs',
  'made/ts-says-jpeg-is-native.dcm': 'stored',
  'made/ts-unknown-uid.dcm': 'stored transfer-syntax-differs',
  'made/uid-128-chars.dcm': 'identifier-invalid',
  'made/uid-leading-zero-component.dcm': 'stored uid-irregular',
  'made/uid-letters.dcm': 'identifier-invalid',
  'made/uid-path-traversal.dcm': 'identifier-invalid',
  'made/uid-space-padded.dcm': 'stored',
  'made/unknown-vr.dcm': 'stored',
  'made/upload-mixed.zip': 'not-dicom',
  'made/upload-nested.zip': 'not-dicom',
  'made/upload-truncated.zip': 'not-dicom',
  'made/upload-zip-slip.zip': 'not-dicom',
  'made/utf8-invalid-bytes.dcm': 'stored',
  'made/wildcards-in-patientid.dcm': 'stored',
  'made/window-width-zero-slope-zero.dcm': 'stored',
  'made/xss-text.dcm': 'stored',
  'made/zeros-4k.dcm': 'not-dicom',
}

describeWith(
  { name: 'the reference scans', remedy: 'set YUNYING_SHARED', found: folder !== undefined },
  'InstanceScanner and hostile files',
  () => {
    const root = join(folder ?? '', 'hostile')
    const names = Object.keys(VERDICTS)

    it('has a verdict for every file', () => {
      const present = ['made', 'from-repos', 'id-collision'].flatMap((part) =>
        readdirSync(join(root, part)).map((name) => `${part}/${name}`),
      )
      expect(names.toSorted()).toEqual(present.toSorted())
    })

    it.each(names)('%s', (name) => {
      expect(verdict(readFileSync(join(root, name)))).toBe(VERDICTS[name])
    })

    it.each(names.filter((name) => VERDICTS[name]?.startsWith('stored') === true))(
      'reads the metadata of %s',
      (name) => {
        const json = datasetToJson(readFileSync(join(root, name)), { bulkDataUri: (path) => path })
        expect(json['0020000D']?.Value).toHaveLength(1)
        expect(JSON.stringify(json).length).toBeGreaterThan(0)
      },
    )
  },
)

describe('the table of verdicts', () => {
  it('knows a file without a fault', () => expect(VERDICTS['made/control-valid.dcm']).toBe('stored'))
})
