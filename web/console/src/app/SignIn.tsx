import { Button, Checkbox, Collapse, Loader, Textarea, TextInput, UnstyledButton } from '@mantine/core'
import IconArrowRight from '@tabler/icons-react/icons/IconArrowRight'
import IconKey from '@tabler/icons-react/icons/IconKey'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ProblemAlert } from '../ui/ProblemAlert'
import { useTask } from '../ui/useTask'
import { LanguageSwitch } from './LanguageSwitch'
import { Logo } from './Logo'
import { leaveFor } from './oidc'
import css from './SignIn.module.css'
import { keepSession, type Session } from './session'
import { type Login, SignInError, signInWith, signOnOf } from './signOn'
import { useWords } from './words'

interface Props {
  account: string
  /** What went wrong before: a token in the address that was refused, a session that ended. */
  problem: unknown
  onSignedIn: (session: Session) => void
}

/** Where nobody is signed in: the company's sign-on, or a token. */
export default function SignIn(props: Props) {
  const { t } = useWords()
  const [account, setAccount] = useState(props.account)
  const [chosen, setChosen] = useState(props.account)
  const [stay, setStay] = useState(false)
  const ways = useQuery({
    queryKey: ['sign-on', chosen],
    queryFn: () => signOnOf(chosen),
    enabled: chosen !== '',
    retry: (failures, error) => failures === 0 && !isUnknown(error),
  })
  const unknown = isUnknown(ways.error)
  return (
    <main className={css.screen}>
      <div className={css.corner}>
        <LanguageSwitch />
      </div>
      <section className={css.card} aria-labelledby="sign-in">
        <Logo size={40} />
        <h1 id="sign-in" className={css.title}>
          {t('sign_in.title')}
        </h1>
        <AccountField
          account={account}
          problem={unknown && t('sign_in.no_account', { account: chosen })}
          onChange={setAccount}
          onLeave={() => setChosen(account.trim())}
        />
        {props.problem !== undefined && <ProblemAlert problem={props.problem} />}
        {ways.isLoading && <Loader size="sm" />}
        {ways.error && !unknown && <ProblemAlert problem={ways.error} onRetry={() => void ways.refetch()} />}
        {chosen !== '' && !ways.isLoading && !unknown && (
          <Ways account={chosen} logins={ways.data?.logins ?? []} stay={stay} onSignedIn={props.onSignedIn} />
        )}
        <Checkbox
          size="sm"
          checked={stay}
          onChange={(event) => setStay(event.currentTarget.checked)}
          label={t('sign_in.stay')}
          description={t('sign_in.stay_about')}
        />
      </section>
    </main>
  )
}

/** Whether it was refused because there is no such account, or nothing that could be one. */
function isUnknown(error: unknown): boolean {
  return error instanceof SignInError && (error.code === 'not_found' || error.code === 'invalid_field')
}

function AccountField(props: {
  account: string
  problem: string | false
  onChange: (account: string) => void
  onLeave: () => void
}) {
  const { t } = useWords()
  return (
    <TextInput
      label={t('sign_in.account')}
      value={props.account}
      error={props.problem}
      placeholder="acc_…"
      spellCheck={false}
      autoComplete="organization"
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onBlur={props.onLeave}
      onKeyDown={(event) => event.key === 'Enter' && props.onLeave()}
    />
  )
}

function Ways(props: {
  account: string
  logins: readonly Login[]
  stay: boolean
  onSignedIn: (session: Session) => void
}) {
  const { t } = useWords()
  const { logins } = props
  const [pasting, setPasting] = useState(false)
  const open = pasting || logins.length === 0
  return (
    <div className={css.ways}>
      {logins.map((login) => (
        <LoginButton key={login.issuer + login.client_id} login={login} {...props} />
      ))}
      {logins.length > 0 && (
        <UnstyledButton className={css.other ?? ''} onClick={() => setPasting(!pasting)} aria-expanded={open}>
          {t('sign_in.with_token')}
        </UnstyledButton>
      )}
      <Collapse expanded={open}>
        <TokenForm {...props} />
      </Collapse>
    </div>
  )
}

function LoginButton({ login, account, stay }: { login: Login; account: string; stay: boolean }) {
  const { t } = useWords()
  const { run, problem } = useTask()
  return (
    <>
      <Button
        fullWidth
        size="md"
        rightSection={<IconArrowRight size={16} />}
        onClick={() => void run(() => leaveFor(login, account, stay))}
      >
        {t('sign_in.with', { name: login.label })}
      </Button>
      <ProblemAlert problem={problem} />
    </>
  )
}

function TokenForm(props: { account: string; stay: boolean; onSignedIn: (session: Session) => void }) {
  const { t } = useWords()
  const [token, setToken] = useState('')
  const { run, busy, problem } = useTask()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const session = await signInWith(props.account, token, props.stay)
      keepSession(session)
      props.onSignedIn(session)
    })
  }
  return (
    <form className={css.ways} onSubmit={submit}>
      <Textarea
        label={t('sign_in.token')}
        description={t('sign_in.token_about')}
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        autosize
        minRows={3}
        maxRows={6}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: css.token ?? '' }}
      />
      <ProblemAlert problem={problem} />
      <Button
        type="submit"
        fullWidth
        size="md"
        loading={busy}
        disabled={token.trim() === ''}
        leftSection={<IconKey size={16} />}
      >
        {t('sign_in.go')}
      </Button>
    </form>
  )
}
