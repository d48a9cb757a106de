import type { Translation } from '../app/words'
import { aiZh } from './pages/ai.zh'
import { boardZh } from './pages/board.zh'
import { companyZh } from './pages/company.zh'
import { developersZh } from './pages/developers.zh'
import { peopleZh } from './pages/people.zh'
import { refusalsZh } from './pages/refusals.zh'
import { uiZh } from './pages/ui.zh'
import type { pagesEn } from './pages.en'

/** Chinese words of the management pages and of the boards. */
export const pagesZh: Translation<typeof pagesEn> = {
  ...uiZh,
  ...refusalsZh,
  ...peopleZh,
  ...companyZh,
  ...developersZh,
  ...aiZh,
  ...boardZh,
}
