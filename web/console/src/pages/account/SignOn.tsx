import { Alert, Button, Group } from '@mantine/core'
import { useWords } from '../../app/words'
import { CodeEditor } from '../../ui/CodeEditor'
import css from '../../ui/ui.module.css'
import { withIssuer } from './signOnJson'

const HELP = ['issuer', 'audiences', 'subject', 'keys', 'claims', 'roles'] as const

/** The company's sign-on as JSON, with what each field means beside it. */
export function SignOn(props: {
  value: string
  onChange: (value: string) => void
  problem: string | undefined
}) {
  const { t } = useWords()
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <CodeEditor value={props.value} onChange={props.onChange} rows={18} label={t('account.sign_on')} />
      {props.problem && (
        <Alert color="red" variant="light" role="alert">
          {t('sign_on.not_json')} {props.problem}
        </Alert>
      )}
      <Group gap={8}>
        <Button
          size="xs"
          variant="default"
          onClick={() => props.onChange(withIssuer(props.value, 'visitor'))}
        >
          {t('sign_on.add_visitor')}
        </Button>
        <Button size="xs" variant="default" onClick={() => props.onChange(withIssuer(props.value, 'agent'))}>
          {t('sign_on.add_agent')}
        </Button>
      </Group>
      <Alert color="yellow" variant="light" py={8} role="note">
        {t('sign_on.secrets')}
      </Alert>
      <dl className={css.help}>
        {HELP.map((field) => (
          <div key={field}>
            <dt className={css.mono}>
              {field === 'roles' ? 'claims.roles, role_names, departments' : field}
            </dt>
            <dd>{t(`sign_on.${field}`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
