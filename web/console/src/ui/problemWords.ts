import { t, type WordKey } from '../app/words'
import { refusalsEn } from '../i18n/pages/refusals.en'
import { told } from './problem'

function known(key: string): key is WordKey & keyof typeof refusalsEn {
  return key in refusalsEn
}

/** Says what a refusal means in the reader's language: by its stable code, else in the server's own words. */
export function sayProblem(problem: unknown): string {
  const { code, message } = told(problem)
  if (problem instanceof TypeError || code === 'network') return t('problem.network')
  const key = `refusal.${code}`
  return known(key) ? t(key) : message
}
