/** English words of the management pages and of the boards. */
import { aiEn } from './pages/ai.en'
import { boardEn } from './pages/board.en'
import { companyEn } from './pages/company.en'
import { developersEn } from './pages/developers.en'
import { peopleEn } from './pages/people.en'
import { refusalsEn } from './pages/refusals.en'
import { uiEn } from './pages/ui.en'

export const pagesEn = {
  ...uiEn,
  ...refusalsEn,
  ...peopleEn,
  ...companyEn,
  ...developersEn,
  ...aiEn,
  ...boardEn,
} as const
