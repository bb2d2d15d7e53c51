import type Koa from 'koa'
import type { Action } from '../../core/access/policy.ts'
import type { Principal } from '../../core/access/principal.ts'
import type { Pacs } from '../../core/pacs.ts'
import type { Spender } from './allowance.ts'
import type { SendBuffers } from './send-buffers.ts'

/** A study this principal may read, as the access decision found it. */
export interface StudyReference {
  readonly studyId: string
  readonly organisationId: string
  readonly studyInstanceUid: string
}

export interface RouteContext {
  readonly pacs: Pacs
  readonly ctx: Koa.Context
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly buffers: SendBuffers
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

export interface SignedInContext extends RouteContext {
  readonly principal: Principal
  readonly spender: Spender
}

export interface StudyContext extends SignedInContext {
  readonly study: StudyReference
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

interface RoutePattern {
  readonly method: Method
  /** koa-router pattern: `/dicom-web/studies/:study/series/:series`. A GET route also answers HEAD. */
  readonly path: string
}

/**
 * A route and who may use it, in one value: a route without a decision does not type-check.
 * Make one with `anonymous`, `signedIn`, `allowed`, `ofStudy` or `allowedOnStudy`.
 */
export type RouteDefinition = RoutePattern &
  (
    | { readonly access: 'anonymous'; readonly handle: (context: RouteContext) => Promise<void> }
    | { readonly access: 'signed-in'; readonly handle: (context: SignedInContext) => Promise<void> }
    | {
        readonly access: 'action'
        readonly action: Action
        readonly handle: (context: SignedInContext) => Promise<void>
      }
    | {
        /** The path's parameter `study` holds the Study Instance UID. */
        readonly access: 'study'
        /** Beside reading the study. */
        readonly action?: Action
        readonly handle: (context: StudyContext) => Promise<void>
      }
  )

/** Anyone, signed in or not: sign-in, health, the viewer's own files. No patient data. */
export const anonymous = (
  method: Method,
  path: string,
  handle: (context: RouteContext) => Promise<void>,
): RouteDefinition => ({ method, path, access: 'anonymous', handle })

/** Anyone signed in; what they see is narrowed by `accessScope`. */
export const signedIn = (
  method: Method,
  path: string,
  handle: (context: SignedInContext) => Promise<void>,
): RouteDefinition => ({ method, path, access: 'signed-in', handle })

/** Those whose roles allow the action. */
export const allowed = (
  action: Action,
  method: Method,
  path: string,
  handle: (context: SignedInContext) => Promise<void>,
): RouteDefinition => ({ method, path, access: 'action', action, handle })

/** Those who may read the study named by the parameter `study` of the path; anyone else is answered 404. */
export const ofStudy = (
  method: Method,
  path: string,
  handle: (context: StudyContext) => Promise<void>,
): RouteDefinition => ({ method, path, access: 'study', handle })

/** Those who may read the study and whose roles allow the action; a reader whose roles do not is answered 403. */
export const allowedOnStudy = (
  action: Action,
  method: Method,
  path: string,
  handle: (context: StudyContext) => Promise<void>,
): RouteDefinition => ({ method, path, access: 'study', action, handle })
