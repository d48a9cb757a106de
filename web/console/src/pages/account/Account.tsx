import { Select, Skeleton, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useOne, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { useDraft } from '../../ui/draft'
import { Page, Section } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { fieldProblem } from '../../ui/problem'
import { SaveBar } from '../../ui/SaveBar'
import { Seconds } from '../../ui/Seconds'
import type { Account as AccountInfo } from '../../ui/schema'
import { useInboxes } from '../names'
import { PriorityRules } from './PriorityRules'
import { type RuleRow, rowOf, ruleOf } from './priority'
import { SignOn } from './SignOn'
import { asJson, readIssuers } from './signOnJson'

const PATH = '/v1/account'

/** The page of what holds for the whole company. */
export default function Account() {
  const { t } = useWords()
  const { data, error, refetch } = useOne<AccountInfo>(PATH)
  return (
    <Page title={t('account.title')} about={t('account.about')}>
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton height={320} />}
      {data && <AccountForm account={data} />}
    </Page>
  )
}

/** The grace time unless said, as the server has it. */
const GRACE_SECONDS = 60

interface Values {
  name: string
  default_inbox: string
  require_sign_on: boolean
  grace_seconds: number
  rules: RuleRow[]
  sign_on: string
}

function valuesOf(account: AccountInfo): Values {
  return {
    name: account.name,
    default_inbox: account.default_inbox ?? '',
    require_sign_on: account.require_sign_on,
    grace_seconds: account.grace_seconds ?? GRACE_SECONDS,
    rules: (account.priority_rules ?? []).map(rowOf),
    sign_on: asJson(account.sign_on),
  }
}

function changeOf(values: Values, before: Values): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  if (values.name !== before.name) change.name = values.name
  if (values.default_inbox !== before.default_inbox) change.default_inbox = values.default_inbox
  if (values.require_sign_on !== before.require_sign_on) change.require_sign_on = values.require_sign_on
  if (values.grace_seconds !== before.grace_seconds) change.grace_seconds = values.grace_seconds
  if (JSON.stringify(values.rules) !== JSON.stringify(before.rules))
    change.priority_rules = values.rules.map(ruleOf)
  // The sign-on goes only when it was changed: its secrets are not shown, and would have to be written anew.
  if (values.sign_on !== before.sign_on) change.sign_on = readIssuers(values.sign_on)
  return change
}

function AccountForm({ account }: { account: AccountInfo }) {
  const { t } = useWords()
  const [before, setBefore] = useState(() => valuesOf(account))
  const draft = useDraft(before)
  const inboxes = useInboxes()
  const { value, set } = draft
  const [badJson, setBadJson] = useState<string>()
  const save = useSave<AccountInfo, Record<string, unknown>>(
    (body) => ({ method: 'PATCH', path: PATH, body }),
    [PATH],
  )
  const submit = () => {
    let change: Record<string, unknown>
    try {
      change = changeOf(value, before)
      setBadJson(undefined)
    } catch (mistake) {
      setBadJson(mistake instanceof Error ? mistake.message : String(mistake))
      return
    }
    save.mutate(change, {
      onSuccess: (saved) => {
        setBefore(valuesOf(saved))
        draft.reset(valuesOf(saved))
      },
    })
  }
  return (
    <>
      <Section title={t('account.general')} about={t('account.general_hint')}>
        <TextInput
          label={t('account.name')}
          value={value.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={fieldProblem(save.error, 'name')}
          maw={420}
        />
        <TextInput label={t('account.id')} value={account.id} readOnly variant="filled" maw={420} />
        <Select
          label={t('account.default_inbox')}
          description={t('account.default_inbox_hint')}
          data={inboxes.choices}
          value={value.default_inbox || null}
          onChange={(inbox) => inbox && set({ default_inbox: inbox })}
          error={fieldProblem(save.error, 'default_inbox')}
          allowDeselect={false}
          maw={420}
        />
        <Seconds
          label={t('account.grace')}
          description={t('account.grace_hint')}
          value={value.grace_seconds}
          units={['seconds', 'minutes']}
          onChange={(seconds) => set({ grace_seconds: seconds })}
          error={fieldProblem(save.error, 'grace_seconds')}
        />
      </Section>
      <Section title={t('account.priorities')} about={t('account.priorities_hint')}>
        <PriorityRules rows={value.rules} onChange={(rules) => set({ rules })} />
      </Section>
      <Section title={t('account.sign_on')} about={t('account.sign_on_hint')}>
        <Switch
          label={t('account.require')}
          description={t('account.require_hint')}
          checked={value.require_sign_on}
          onChange={(event) => set({ require_sign_on: event.currentTarget.checked })}
        />
        <SignOn value={value.sign_on} onChange={(sign_on) => set({ sign_on })} problem={badJson} />
      </Section>
      <SaveBar
        dirty={draft.dirty}
        saving={save.isPending}
        problem={save.error}
        onSave={submit}
        onUndo={() => {
          setBadJson(undefined)
          save.reset()
          draft.reset()
        }}
      />
    </>
  )
}
