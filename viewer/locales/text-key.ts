import type access from './en/access.json'
import type account from './en/account.json'
import type admin from './en/admin.json'
import type deidentify from './en/deidentify.json'
import type exported from './en/export.json'
import type emergency from './en/emergency.json'
import type fusion from './en/fusion.json'
import type hanging from './en/hanging.json'
import type objects from './en/objects.json'
import type measuring from './en/measuring.json'
import type mpr from './en/mpr.json'
import type people from './en/people.json'
import type patient from './en/patient.json'
import type invite from './en/invite.json'
import type organisations from './en/organisations.json'
import type providers from './en/providers.json'
import type quality from './en/quality.json'
import type reading from './en/reading.json'
import type retention from './en/retention.json'
import type segments from './en/segments.json'
import type settings from './en/settings.json'
import type share from './en/share.json'
import type shell from './en/shell.json'
import type signIn from './en/sign-in.json'
import type slip from './en/slip.json'
import type tags from './en/tags.json'
import type upload from './en/upload.json'
import type volume from './en/volume.json'
import type windows from './en/windows.json'
import type worklist from './en/worklist.json'

interface English {
  access: typeof access
  account: typeof account
  admin: typeof admin
  emergency: typeof emergency
  deidentify: typeof deidentify
  export: typeof exported
  fusion: typeof fusion
  hanging: typeof hanging
  objects: typeof objects
  invite: typeof invite
  measuring: typeof measuring
  mpr: typeof mpr
  people: typeof people
  patient: typeof patient
  organisations: typeof organisations
  providers: typeof providers
  quality: typeof quality
  reading: typeof reading
  retention: typeof retention
  segments: typeof segments
  settings: typeof settings
  share: typeof share
  shell: typeof shell
  'sign-in': typeof signIn
  slip: typeof slip
  tags: typeof tags
  upload: typeof upload
  volume: typeof volume
  windows: typeof windows
  worklist: typeof worklist
}

/** A file of sentences: `locales/<language>/<area>.json`. */
export type Area = keyof English

type Singular<Name extends string> = Name extends `${infer Base}_${'one' | 'other'}` ? Base : Name

/** `area.name` of every sentence there is in English; a misspelt key does not type-check. */
export type TextKey = {
  [A in Area]: `${A}.${Singular<Extract<keyof English[A], string>>}`
}[Area]
