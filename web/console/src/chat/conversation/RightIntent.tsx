import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { usePage } from '../../app/api'
import type { Intent } from '../../app/schema'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import css from './TurnFoot.module.css'

/** Intents that are offered: an account has dozens. */
const INTENTS = 100

/** Asks what the visitor really wanted. */
export default function RightIntent({ onJudge }: { onJudge: (intent: string | undefined) => void }) {
  const { t } = useWords()
  const intents = usePage<Intent>('/v1/intents', { limit: INTENTS })
  const [intent, setIntent] = useState<string | null>(null)
  return (
    <div className={css.form}>
      <Select
        size="xs"
        searchable
        clearable
        label={t('turn.right_intent')}
        description={t('turn.right_intent_about')}
        placeholder={t('inbox.any')}
        data={intents.rows.map(({ name }) => name)}
        value={intent}
        onChange={setIntent}
        comboboxProps={{ withinPortal: false }}
      />
      <ProblemAlert problem={intents.problem} />
      <Button size="xs" onClick={() => onJudge(intent ?? undefined)}>
        {t('turn.say_bad')}
      </Button>
    </div>
  )
}
