import { Problem } from '@deskwire/sdk'
import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { refusalsEn } from '../../src/i18n/pages/refusals.en'
import { fieldProblem, told } from '../../src/ui/problem'

const ADVICE = 'A field is missing or has a value that cannot be used. Correct it and send again.'
const refused = (detail: string, code = 'invalid_field') =>
  new Problem({ code, message: `${ADVICE} (${detail})`, status: 400 })

beforeAll(async () => {
  await i18next.init({
    lng: 'en',
    resources: { en: { translation: refusalsEn } },
    keySeparator: false,
    nsSeparator: false,
  })
})

describe('what was refused', () => {
  test('is taken apart into advice and detail', () => {
    const { code, message, detail } = told(refused('name needs 1 to 200 characters'))
    expect([code, message, detail]).toEqual(['invalid_field', ADVICE, 'name needs 1 to 200 characters'])
  })

  test('says in words why an address cannot be called', () => {
    expect(told(refused('url: invalid_url')).detail).toBe('url: this is not an address that can be called')
  })

  test('keeps lines of a file, and the time to wait', () => {
    const mistakes = [{ line: 3, column: 1, message: 'no' }]
    const problem = new Problem({ code: 'rate_limited', message: 'Wait.', retryAfter: 7, mistakes })
    expect(told(problem)).toEqual({ code: 'rate_limited', message: 'Wait.', retryAfter: 7, mistakes })
  })

  test('may be anything that was thrown', () => {
    expect(told(new TypeError('Failed to fetch')).code).toBe('network')
    expect(told('gone')).toEqual({ code: 'network', message: 'gone', mistakes: [] })
  })
})

describe('a field', () => {
  test('is told what is wrong with it, and no other', () => {
    const problem = refused('grace_seconds: 3 to 3600')
    expect(fieldProblem(problem, 'grace_seconds')).toBe('3 to 3600')
    expect(fieldProblem(problem, 'name')).toBeUndefined()
    expect(fieldProblem(refused('`time_zone` is not an IANA time zone'), 'time_zone')).toBe(
      'is not an IANA time zone',
    )
    expect(fieldProblem(null, 'name')).toBeUndefined()
  })

  test('is not blamed for what is no field’s fault', () => {
    expect(fieldProblem(refused('name', 'rate_limited'), 'name')).toBeUndefined()
  })
})
