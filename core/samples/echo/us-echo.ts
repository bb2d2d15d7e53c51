import { ECHO, FRAMES, FRAMES_PER_BEAT, openEchoPainter, paintEcho } from './echo-image.ts'
import { openPart10Writer } from '../../dicom/write-part10.ts'
import { openPace } from '../pace.ts'
import { elements } from '../sample-dataset.ts'
import {
  sampleInstance,
  studyUid,
  type SampleStudy,
  type SeriesPlan,
  type StudyPlan,
} from '../sample-study.ts'

const FRAME_TIME_MS = 33.3
const US_MULTI_FRAME_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.3.1'

/** One colour cine of the heart: two beats, four chambers, with a patch of colour Doppler. */
export function usEcho(study: StudyPlan): SampleStudy {
  return {
    name: study.key,
    studyInstanceUid: studyUid(study),
    instanceCount: 1,
    instances: () => cine(study),
  }
}

async function* cine(study: StudyPlan) {
  const pause = openPace()
  const painter = await openEchoPainter(pause)
  const frameLength = ECHO.rows * ECHO.columns * 3
  const pixels = new Uint8Array(frameLength * FRAMES)
  for (let frameIndex = 0; frameIndex < FRAMES; frameIndex++) {
    const frame = pixels.subarray(frameIndex * frameLength, (frameIndex + 1) * frameLength)
    const beat = (frameIndex % FRAMES_PER_BEAT) / FRAMES_PER_BEAT
    await paintEcho(painter, frame, { index: frameIndex, beat }, pause)
  }
  yield sampleInstance(seriesPlan(study), 1, {}, pixels)
}

function seriesPlan(study: StudyPlan): SeriesPlan {
  return {
    study,
    write: openPart10Writer(study.patient.characterSet),
    number: 1,
    modality: 'US',
    description: '心尖四腔切面 彩色多普勒',
    sopClassUid: US_MULTI_FRAME_IMAGE_STORAGE,
    values: {
      ManufacturerModelName: 'Heart phantom',
      StationName: 'US1',
      BodyPartExamined: 'HEART',
      ProtocolName: 'Adult echo',
      ImageType: ['ORIGINAL', 'PRIMARY', 'TTE', '0011'],
      AcquisitionDate: study.date,
      AcquisitionTime: study.time,
      PatientOrientation: [],
      HeartRate: Math.round(60000 / (FRAMES_PER_BEAT * FRAME_TIME_MS)),
      NumberOfFrames: FRAMES,
      FrameTime: FRAME_TIME_MS,
      FrameIncrementPointer: '00181063',
      CineRate: 30,
      RecommendedDisplayFrameRate: 30,
      UltrasoundColorDataPresent: 1,
      SequenceOfUltrasoundRegions: [calibratedRegion()],
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'RGB',
      PlanarConfiguration: 0,
      Rows: ECHO.rows,
      Columns: ECHO.columns,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
    },
  }
}

/** The sector in centimetres, so that distances can be measured (PS3.3 C.8.5.5). */
function calibratedRegion() {
  const reach = ECHO.depth / ECHO.millimetresPerPixel
  const half = Math.ceil(Math.sin(ECHO.halfAngle) * reach)
  return elements({
    RegionSpatialFormat: 1,
    RegionDataType: 2,
    RegionFlags: 2,
    RegionLocationMinX0: ECHO.tipX - half,
    RegionLocationMinY0: ECHO.tipY,
    RegionLocationMaxX1: ECHO.tipX + half,
    RegionLocationMaxY1: Math.ceil(ECHO.tipY + reach),
    ReferencePixelX0: half,
    ReferencePixelY0: 0,
    PhysicalUnitsXDirection: 3,
    PhysicalUnitsYDirection: 3,
    ReferencePixelPhysicalValueX: 0,
    ReferencePixelPhysicalValueY: 0,
    PhysicalDeltaX: ECHO.millimetresPerPixel / 10,
    PhysicalDeltaY: ECHO.millimetresPerPixel / 10,
    TransducerFrequency: 2500,
  })
}
