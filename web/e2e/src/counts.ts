import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** The last line that the suite says: how many stories there were, and how they ended. */
export default class Counts implements Reporter {
  readonly #ends = new Map<string, TestResult['status']>()

  onTestEnd(story: TestCase, result: TestResult): void {
    this.#ends.set(story.id, result.status)
  }

  onEnd(result: FullResult): void {
    const ends = [...this.#ends.values()]
    const count = (...statuses: TestResult['status'][]): number =>
      ends.filter((status) => statuses.includes(status)).length
    const failed = count('failed', 'timedOut', 'interrupted')
    const seconds = Math.round(result.duration / 1_000)
    process.stdout.write(
      `e2e: ${count('passed')} stories passed, ${failed} failed, ${count('skipped')} skipped, in ${seconds} s\n`,
    )
  }
}
