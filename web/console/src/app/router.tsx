/**
 * The console's addresses. They live in the fragment (`/console/#/inbox/mine`): so any file server can serve the
 * console without a rule for rewriting, and the company's sign-on needs to know one address only.
 */
import {
  type AnyRoute,
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { pages } from '../pages'
import { NotFound, Waiting } from './Fallbacks'
import { readFilters } from './inboxFilters'
import { Shell } from './Shell'

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'mine' } })
  },
})

/** Lists of conversations, with one of them open or not. */
const inboxRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inbox/$view',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('../chat/InboxPage'), 'InboxPage'),
})

const conversationRoute = createRoute({ getParentRoute: () => inboxRoute, path: '/$conversation' })

function pageRoutes(): AnyRoute[] {
  return pages.map((page) =>
    createRoute({ getParentRoute: () => rootRoute, path: page.path, component: page.component }),
  )
}

/** Makes the router. */
export function makeRouter() {
  const routeTree = rootRoute.addChildren([
    indexRoute,
    inboxRoute.addChildren([conversationRoute]),
    ...pageRoutes(),
  ])
  return createRouter({
    routeTree,
    history: createHashHistory(),
    defaultPendingComponent: Waiting,
    defaultPreload: 'intent',
    scrollRestoration: false,
  })
}
