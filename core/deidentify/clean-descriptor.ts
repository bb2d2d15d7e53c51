/**
 * Words that a description of an examination is made of, and that name nobody: anatomy, techniques, directions, agents.
 * A word that is not here is taken out, so a missing one costs a description, and a name is never one of them.
 */
const WORDS = new Set(
  `abdomen abdominal abd acetabulum adc adrenal after airway angio angiogram angiography ankle ankles anterior aorta aortic ap
  arterial arteries artery arthro arthrography asl atlas atrium attenuation av average axial axials axis b0 base bilateral bladder blood
  body bold bone bones bowel brachial brain breast breasts bronchial bronchus bw c cad calcaneus calcium calf cardiac care carotid
  carpal cavity cbct cc ce cerebral cervical chest circle cisternography clavicle clinical coccyx coil colon column combined
  common comparison complete composed contrast coro coronal coronary corrected correction cranial cranium cranio cross cspine ct cta ctpa cuff cv
  cycle d data decubitus deep default delayed diagnostic diaphragm diastolic diffusion digital distal dixon dlp doppler dorsal dose dot
  double dsa dti dual dw dwi dx dynamic early ecg echo ejection elbow elbows enhanced enhancement epi epigastric equilibrium
  esophagus ex exam examination exp expiration ext extension extremity eye eyes face facial fast fat fatsat fbp fdg femoral femur femurs fetal ffe
  fgre fiesta fiducial field filter filtered finger fingers first flair flash flexion fluoro fluoroscopy fluoroscopic foot forearm frame frames
  fraction frfse frontal fs fse full function functional fused fusion gad gadolinium gastric gated gd ge gland gradient gre grid group haste hand
  hands hard head heart hepatic hip hips hires high hr humerus hvs iac idl iliac image images in inferior infusion inguinal inner inp
  inspiration intravenous inversion ir iso isotropic iv jaw joint jugular keyimages kidney kidneys kink knee knees kub kv l large larynx lat lateral left
  leg legs lens level ligament limb liver lobe loc localiser localizer long lossless low lower lspine lt lumbar lumbosacral lung lungs lymph m
  magnitude mammo mammogram mammography mandible map mapping maps mask mastoid maxilla maximum mean mediastinal mediastinum medial medium medulla mesenteric
  mg mid middle minimum minip mip mlo mm mosaic motion mouth mpr mprage mpgr mpr mr mra mri mrcp mrv ms multi multiphase muscle myelography
  myocardial myocardium nac nasal neck nerve nm node nodes non noncontrast none normal nuclear o obl oblique occipital off on opt optic oral orbit orbits orbital
  oropharynx outer ovary pa pain palate pancreas paranasal parathyroid parotid patella pc pd pdw pelvic pelvis perf perfusion peripheral pet phalanx pharynx
  phantom phase phases pituitary plain plane planes pleura plus popliteal portable portal position post posterior pr pre prior processed prone prostate protocol proton
  proximal pulmonary q qc quantitative r radial radiation radiograph radius range rao raw rec recon reconstruction rectum reference reformat reformatted reformation region registered rendered renal report
  rest restrict retro rib ribs right rois roi rotator routine rt run sacral sacroiliac sacrum sag sagittal sat saturation scan scaphoid scapula scout screening se sec secondary segment segmentation
  sella sense sequence series set sfov shoulder shoulders sharp short sinus sinuses si skeletal skeleton skull slab slice slices small smooth soft source space spectroscopy
  spect spgr spin spine spir spiral spleen splenic standard standing static stenosis sternum stir stomach stone stress structure structured study subclavian subtraction subtracted superior supine
  survey suv swallow swan swi systolic t t1 t1w t2 t2w tbone te temporal test tfe thigh thin thick thoracic thorax thumb thyroid tibia time tir tirm tissue toe toes tof tomo
  tomogram tomography tomosynthesis tongue topogram total tr tracheal trachea tracking transaxial transverse tra trace trufi tse turbo tumor tumour ui ulna ultrasound unenhanced upper ureter urethra urinary us uterus vascular vein
  veins venous ventilation ventricle ventricular vertebra vertebrae vertebral vessel vessels vibe view views volume voi vrt wb weighted whole wide window with without wo wrist wrists xa xr xray x y z zoom`.split(
    /\s+/,
  ),
)

/** The same in Chinese, longest first where one begins like another. */
const CHINESE =
  /^(?:平扫|增强|动脉期|静脉期|门脉期|延迟期|实质期|扫描|重建|定位像?|冠状位?|矢状位?|轴位|横断位?|正位|侧位|斜位|正侧位|双侧|左侧?|右侧?|上|下|前|后|头颅?|颅脑|脑|颈部?|颈椎|胸部?|胸椎|腹部?|上腹|下腹|全腹|盆腔?|骨盆|腰椎?|骶椎?|尾椎?|脊柱|心脏|冠脉|冠状动脉|主动脉|肺动脉|肺|肝脏?|胆|脾|胰腺?|肾脏?|膀胱|前列腺|子宫|卵巢|乳腺|甲状腺|眼眶?|耳|鼻窦|鼻咽|喉|口腔|牙|肩|肘|腕|手|髋|膝|踝|足|四肢|关节|骨|血管|造影|成像|灌注|弥散|波谱|水成像|三维|薄层|高分辨|检查|部位?|期|像|位|窗|软组织|透视|摄片|数字|超声|彩超|核磁|磁共振)+$/u

/** What a measure or a number of the trade looks like: T2, 3D, 5mm, 1.25, B60f, I30, 120kV, x. Never four digits or more. */
const MEASURE = /^[a-z]{0,2}\d{1,3}(?:\.\d{1,3})?(?:[a-z]{1,2}|mgi|min|sec)?$/i
/** `(1998` or `12` beside `2026`: days are written in parts, so numbers side by side go. */
const NUMBER = /^\d+(?:\.\d+)?$/

/**
 * A description with the words of the trade alone (PS3.15 E.3.5); the rest, names, numbers of people and days among it, is
 * taken out. Empty where nothing is left.
 */
export function cleanDescriptor(text: string): string {
  const words = wordsOf(text)
  const isNumber = words.map((word) => NUMBER.test(word))
  return words
    .filter((word, index) => {
      if (isNumber[index] === true && (isNumber[index - 1] === true || isNumber[index + 1] === true))
        return false
      return isKnown(word)
    })
    .join(' ')
}

/** Letters, digits and points, apart. */
export const wordsOf = (text: string): string[] =>
  text.split(/[^\p{L}\p{N}.]+/u).filter((word) => word !== '')

const isKnown = (word: string): boolean =>
  WORDS.has(word.toLowerCase().replace(/^\.+|\.+$/g, '')) || MEASURE.test(word) || CHINESE.test(word)
