/** Issuers as somebody edits them. */
export function asJson(issuers: readonly unknown[] | undefined): string {
  return JSON.stringify(issuers ?? [], null, 2)
}

/** What was written, as a list of issuers; throws with the place of the mistake. */
export function readIssuers(text: string): unknown[] {
  const value: unknown = JSON.parse(text)
  if (!Array.isArray(value)) throw new SyntaxError('[ … ]')
  return value
}

/** An issuer of each kind to begin with: one for visitors with a key server, one for agents with a shared secret. */
export const TEMPLATES = {
  visitor: {
    issuer: 'https://shop.example',
    audiences: ['deskwire'],
    subject: 'visitor',
    keys: { type: 'jwks', uri: 'https://shop.example/jwks.json', algorithms: ['ES256'] },
    claims: { id: 'sub', name: 'name', email: 'email', attributes: { level: 'level' } },
  },
  agent: {
    issuer: 'https://staff.example',
    audiences: ['deskwire'],
    subject: 'agent',
    keys: { type: 'jwks', uri: 'https://staff.example/jwks.json', algorithms: ['RS256'] },
    claims: {
      id: 'sub',
      name: 'name',
      email: 'email',
      roles: 'roles',
      role_names: { 'support-admin': 'admin' },
      department: 'department',
      departments: { Support: 'tea_support' },
    },
  },
} as const

/** The list with one more issuer; as it was where it cannot be read. */
export function withIssuer(text: string, kind: keyof typeof TEMPLATES): string {
  try {
    return asJson([...readIssuers(text), TEMPLATES[kind]])
  } catch {
    return text
  }
}
