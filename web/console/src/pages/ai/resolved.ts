/** What changes when questions are resolved. */
export const RESOLVED = ['/v1/ai/unanswered', '/v1/intents', '/v1/articles'] as const
