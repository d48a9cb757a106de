import { useWords } from '../app/words'
import { Face } from '../chat/Face'
import { Load, PRESENCE_TONE } from '../pages/people/Load'
import { Mark } from '../ui/Mark'
import type { LiveAgent } from '../ui/schema'
import css from '../ui/ui.module.css'

const ORDER: Record<LiveAgent['status'], number> = { online: 0, away: 1, offline: 2 }

/** The agents now: who is there, and how much each has. */
export function Agents({ agents }: { agents: readonly LiveAgent[] }) {
  const { t } = useWords()
  const sorted = [...agents].sort(
    (one, other) => ORDER[one.status] - ORDER[other.status] || one.name.localeCompare(other.name),
  )
  return (
    <section style={{ marginTop: 24 }}>
      <h2 className={css.sectionTitle} style={{ marginBottom: 10 }}>
        {t('live.agents')}
      </h2>
      {sorted.length === 0 && <p className={css.about}>{t('live.no_agents')}</p>}
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(240px, 1fr))', gap: 10 }}>
        {sorted.map((agent) => (
          <div
            key={agent.agent}
            className={css.box}
            style={{ display: 'flex', gap: 12, alignItems: 'center', padding: 12 }}
          >
            <Face id={agent.agent} name={agent.name} size={34} />
            <div style={{ flex: 1, minWidth: 0 }}>
              <div
                style={{
                  fontSize: 13,
                  fontWeight: 550,
                  overflow: 'hidden',
                  textOverflow: 'ellipsis',
                  whiteSpace: 'nowrap',
                }}
              >
                {agent.name}
              </div>
              <div className={css.hint}>
                <Mark tone={PRESENCE_TONE[agent.status]}>{t(`presence.${agent.status}`)}</Mark>
              </div>
            </div>
            <Load load={agent.load} capacity={agent.capacity} />
          </div>
        ))}
      </div>
    </section>
  )
}
