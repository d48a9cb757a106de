import { ActionIcon, Checkbox, Group, NumberInput, Select, Switch, TagsInput } from '@mantine/core'
import IconX from '@tabler/icons-react/icons/IconX'
import { useAll } from '../../app/api'
import { useWords } from '../../app/words'
import { NARROW } from '../../ui/fields'
import { Section } from '../../ui/Page'
import type { AiSettings, HandOverRoute, Intent } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { useTeams } from '../names'
import type { Part } from './settings'

type HandOverSettings = NonNullable<AiSettings['hand_over']>

/** Turns in a row that may fail; the API's bounds. */
const MISSES = { min: 1, max: 5, usual: 2 }

/** When people go on, and who. */
export function HandOver({ draft }: Part) {
  const { t } = useWords()
  const teams = useTeams()
  const settings = draft.value.hand_over
  const routes = Object.entries(settings?.routes ?? {})
  const intents = useAll<Intent>('/v1/intents').rows
  const set = (change: Partial<HandOverSettings>) =>
    draft.set({ hand_over: { ...settings, ...change } as HandOverSettings })
  const setRoute = (intent: string, change: Partial<HandOverRoute>) =>
    set({
      routes: {
        ...settings?.routes,
        [intent]: { ...settings?.routes?.[intent], ...change } as HandOverRoute,
      },
    })
  const free = intents.map((intent) => intent.name).filter((name) => !settings?.routes?.[name])
  return (
    <Section title={t('ai.hand_over')} about={t('ai.hand_over_hint')}>
      <NumberInput
        label={t('ai.after_misses')}
        {...NARROW}
        min={MISSES.min}
        max={MISSES.max}
        value={settings?.after_misses ?? MISSES.usual}
        onChange={(misses) => set({ after_misses: Number(misses) || MISSES.usual })}
      />
      <Switch
        label={t('ai.on_anger')}
        checked={settings?.on_anger ?? true}
        onChange={(event) => set({ on_anger: event.currentTarget.checked })}
      />
      <Select
        label={t('ai.hand_over_team')}
        description={t('ai.hand_over_team_hint')}
        data={teams.choices}
        value={settings?.team ?? null}
        onChange={(team) => {
          const { team: _, ...rest } = settings ?? ({} as HandOverSettings)
          draft.set({ hand_over: (team ? { ...rest, team } : rest) as HandOverSettings })
        }}
        clearable
        maw={420}
      />
      <div>
        <h3 className={css.sectionTitle}>{t('ai.routes')}</h3>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('ai.routes_hint')}
        </p>
        <div style={{ display: 'grid', gap: 8 }}>
          {routes.map(([intent, route]) => (
            <div key={intent} className={css.box} style={{ display: 'grid', gap: 8 }}>
              <Group justify="space-between">
                <b className={css.mono}>{intent}</b>
                <ActionIcon
                  aria-label={t('ui.remove')}
                  onClick={() =>
                    set({ routes: Object.fromEntries(routes.filter(([name]) => name !== intent)) })
                  }
                >
                  <IconX size={15} />
                </ActionIcon>
              </Group>
              <Group grow align="flex-start" gap={8}>
                <Select
                  size="xs"
                  label={t('ui.team')}
                  data={teams.choices}
                  value={route.team ?? null}
                  onChange={(team) => setRoute(intent, { team })}
                  clearable
                />
                <TagsInput
                  size="xs"
                  label={t('ui.skills')}
                  value={route.skills ?? []}
                  onChange={(skills) => setRoute(intent, { skills })}
                />
                <TagsInput
                  size="xs"
                  label={t('ui.labels')}
                  value={route.labels ?? []}
                  onChange={(labels) => setRoute(intent, { labels })}
                />
              </Group>
              <Checkbox
                size="xs"
                label={t('ai.always')}
                checked={route.always ?? false}
                onChange={(event) => setRoute(intent, { always: event.currentTarget.checked })}
              />
            </div>
          ))}
        </div>
        <Select
          mt={8}
          w={260}
          placeholder={t('ai.add_route')}
          aria-label={t('ai.add_route')}
          data={free}
          value={null}
          onChange={(intent) => intent && setRoute(intent, {})}
          searchable
          disabled={free.length === 0}
        />
      </div>
    </Section>
  )
}
