import { useWords } from '../../app/words'
import { Mark } from '../../ui/Mark'
import type { Endpoint } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'

/** Whether an endpoint is served: on, off and why, or failing since when. */
export function EndpointState({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useWords()
  if (endpoint.disabled) {
    return (
      <Mark tone="quiet">
        {t('webhooks.off')} · {endpoint.disabled}
      </Mark>
    )
  }
  if (endpoint.failing_since) {
    return (
      <Mark tone="bad">
        {t('webhooks.failing')} <TimeAgo at={endpoint.failing_since} />
      </Mark>
    )
  }
  return <Mark tone="good">{t('webhooks.on')}</Mark>
}
