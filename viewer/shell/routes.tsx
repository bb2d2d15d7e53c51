import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { sharedToken } from '../client/shared-page.ts'
import { parseFilters } from '../worklist/worklist-filters.ts'
import { Frame } from './frame.tsx'
import { PageFailed, PageNotFound } from './page-states.tsx'
import { parseSearch, stringifySearch } from './search-text.ts'
import { StudyPage } from './study-page.tsx'

const root = createRootRoute({
  notFoundComponent: PageNotFound,
  errorComponent: PageFailed,
  beforeLoad: ({ location }) => {
    // The guest of a link has one page.
    const token = sharedToken()
    if (token !== undefined && sharedToken(location.pathname) === undefined)
      throw redirect({ to: '/s/$token', params: { token }, replace: true })
  },
})
const framed = createRoute({ getParentRoute: () => root, id: 'framed', component: Frame })

const worklist = createRoute({
  getParentRoute: () => framed,
  path: '/',
  validateSearch: parseFilters,
  component: lazyRouteComponent(() => import('../worklist/worklist-page.tsx'), 'WorklistPage'),
})
const account = createRoute({
  getParentRoute: () => framed,
  path: '/account',
  component: lazyRouteComponent(() => import('../account/account-page.tsx'), 'AccountPage'),
})
const upload = createRoute({
  getParentRoute: () => framed,
  path: '/upload',
  component: lazyRouteComponent(() => import('../upload/upload-page.tsx'), 'UploadPage'),
})
const shares = createRoute({
  getParentRoute: () => framed,
  path: '/shares',
  component: lazyRouteComponent(() => import('../share/shares-page.tsx'), 'SharesPage'),
})
const admin = createRoute({
  getParentRoute: () => framed,
  path: '/admin',
  component: lazyRouteComponent(() => import('../admin/admin-frame.tsx'), 'AdminFrame'),
})
const adminHome = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin/users', replace: true })
  },
})
const adminUsers = createRoute({
  getParentRoute: () => admin,
  path: 'users',
  component: lazyRouteComponent(() => import('../admin/users-page.tsx'), 'UsersPage'),
})
const adminAccess = createRoute({
  getParentRoute: () => admin,
  path: 'access',
  component: lazyRouteComponent(() => import('../admin/access-page.tsx'), 'AccessPage'),
})
const adminSignIn = createRoute({
  getParentRoute: () => admin,
  path: 'sign-in',
  component: lazyRouteComponent(() => import('../admin/sign-in-settings-page.tsx'), 'SignInSettingsPage'),
})
const adminProviders = createRoute({
  getParentRoute: () => admin,
  path: 'providers',
  component: lazyRouteComponent(() => import('../admin/providers-page.tsx'), 'ProvidersPage'),
})
const adminRoles = createRoute({
  getParentRoute: () => admin,
  path: 'roles',
  component: lazyRouteComponent(() => import('../admin/roles-page.tsx'), 'RolesPage'),
})
const adminWork = createRoute({
  getParentRoute: () => admin,
  path: 'work',
  component: lazyRouteComponent(() => import('../admin/work-page.tsx'), 'WorkPage'),
})
const adminQuarantine = createRoute({
  getParentRoute: () => admin,
  path: 'quarantine',
  component: lazyRouteComponent(() => import('../admin/quarantine-page.tsx'), 'QuarantinePage'),
})
const adminArchive = createRoute({
  getParentRoute: () => admin,
  path: 'archive',
  component: lazyRouteComponent(() => import('../admin/archive-page.tsx'), 'ArchivePage'),
})
const adminAudit = createRoute({
  getParentRoute: () => admin,
  path: 'audit',
  component: lazyRouteComponent(() => import('../admin/audit-page.tsx'), 'AuditPage'),
})
const adminPatients = createRoute({
  getParentRoute: () => admin,
  path: 'patients',
  component: lazyRouteComponent(() => import('../admin/patients-page.tsx'), 'PatientsPage'),
})
const adminEmergency = createRoute({
  getParentRoute: () => admin,
  path: 'emergency',
  component: lazyRouteComponent(() => import('../admin/emergency-page.tsx'), 'EmergencyPage'),
})
const adminRetention = createRoute({
  getParentRoute: () => admin,
  path: 'retention',
  component: lazyRouteComponent(() => import('../admin/retention-page.tsx'), 'RetentionPage'),
})
const adminUsage = createRoute({
  getParentRoute: () => admin,
  path: 'usage',
  component: lazyRouteComponent(() => import('../admin/usage-page.tsx'), 'UsagePage'),
})
const adminOrganisation = createRoute({
  getParentRoute: () => admin,
  path: 'organisation',
  component: lazyRouteComponent(() => import('../admin/organisation-page.tsx'), 'OrganisationPage'),
})
const adminOrganisations = createRoute({
  getParentRoute: () => admin,
  path: 'organisations',
  component: lazyRouteComponent(() => import('../admin/organisations-page.tsx'), 'OrganisationsPage'),
})
/** The reading room fills the window: it has a bar of its own. */
const study = createRoute({
  getParentRoute: () => root,
  path: '/studies/$studyInstanceUid',
  component: StudyPage,
})

const shared = createRoute({
  getParentRoute: () => root,
  path: '/s/$token',
  component: lazyRouteComponent(() => import('../share/shared-study-page.tsx'), 'SharedStudyPage'),
})

const tree = root.addChildren([
  framed.addChildren([
    worklist,
    account,
    upload,
    shares,
    admin.addChildren([
      adminHome,
      adminUsers,
      adminRoles,
      adminSignIn,
      adminProviders,
      adminAccess,
      adminWork,
      adminQuarantine,
      adminArchive,
      adminAudit,
      adminEmergency,
      adminPatients,
      adminRetention,
      adminUsage,
      adminOrganisation,
      adminOrganisations,
    ]),
  ]),
  study,
  shared,
])

/** Every page there is, and its address. */
export function createAppRouter() {
  return createRouter({
    routeTree: tree,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    // A route has nothing loaded with it that would be worth keeping.
    defaultGcTime: 0,
    defaultPreloadGcTime: 0,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
