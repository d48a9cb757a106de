import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { useAll } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Intent } from '../../ui/schema'
import css from './TurnFoot.module.css'

/** Asks what the visitor really wanted. */
export default function RightIntent({ onJudge }: { onJudge: (intent: string | undefined) => void }) {
  const { t } = useWords()
  const intents = useAll<Intent>('/v1/intents')
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
