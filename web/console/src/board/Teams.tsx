import { useWords } from '../app/words'
import { Load } from '../pages/people/Load'
import { useSecond } from '../ui/clock'
import { duration } from '../ui/format'
import { ScrollX } from '../ui/ScrollX'
import type { LiveTeam } from '../ui/schema'
import css from '../ui/ui.module.css'
import { waited } from './waiting'

/** The teams now: who waits for each, how long, and who is there. The longest queue stands first. */
export function Teams({ teams }: { teams: readonly LiveTeam[] }) {
  const { t } = useWords()
  const now = useSecond()
  const sorted = [...teams].sort(
    (one, other) => other.queued - one.queued || one.name.localeCompare(other.name),
  )
  return (
    <section className={css.card} aria-label={t('ui.teams')}>
      <ScrollX>
        <table className={css.table}>
          <thead>
            <tr>
              <th>{t('ui.team')}</th>
              <th data-align="right">{t('live.queued')}</th>
              <th data-align="right">{t('live.oldest')}</th>
              <th data-align="right">{t('live.active')}</th>
              <th data-align="right">{t('presence.online')}</th>
              <th data-align="right">{t('presence.away')}</th>
              <th>{t('live.load')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((team) => (
              <tr key={team.team}>
                <td style={{ fontWeight: 550 }}>{team.name}</td>
                <td data-align="right" style={{ fontWeight: team.queued > 0 ? 650 : 400 }}>
                  {team.queued}
                </td>
                <td data-align="right">{duration(waited(team.oldest_queued_at, now))}</td>
                <td data-align="right">{team.active}</td>
                <td data-align="right">{team.online}</td>
                <td data-align="right">{team.away}</td>
                <td>
                  <Load load={team.load} capacity={team.capacity} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  )
}
