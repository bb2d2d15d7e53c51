/** The resources of PS3.18 10.1 as router patterns. */
export const STUDY = '/dicom-web/studies/:study'
export const SERIES = `${STUDY}/series/:series`
export const INSTANCE = `${SERIES}/instances/:instance`
