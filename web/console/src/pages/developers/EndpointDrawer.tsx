import { Button, Group, Tabs } from '@mantine/core'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { ConfirmButton, ConfirmDelete } from '../../ui/Confirm'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Delivery, Endpoint, EndpointChange, NewEndpoint } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { Deliveries } from './Deliveries'
import { EndpointState } from './EndpointState'
import { EndpointFields } from './NewEndpointForm'
import { ReplayForm } from './ReplayForm'

const PATH = '/v1/webhooks'

/** An endpoint: what it got, what it is set to, and what can be done. */
export function EndpointDrawer(props: {
  endpoint: Endpoint
  onClose: () => void
  onSecret: (secret: string) => void
}) {
  const { t } = useWords()
  const { endpoint } = props
  const path = `${PATH}/${endpoint.id}`
  const draft = useDraft({
    url: endpoint.url,
    description: endpoint.description ?? '',
    events: endpoint.events,
    ordered: endpoint.ordered ?? false,
    not_from: endpoint.not_from ?? [],
  })
  const save = useSave<Endpoint, EndpointChange>((body) => ({ method: 'PATCH', path, body }), [PATH])
  return (
    <FormDrawer
      title={endpoint.url}
      size={860}
      onClose={props.onClose}
      onSave={() => save.mutate(draft.value, { onSuccess: () => draft.reset(draft.value) })}
      dirty={draft.dirty}
      saving={save.isPending}
      problem={save.error}
      aside={
        <ConfirmDelete
          name={endpoint.url}
          about={t('webhooks.delete_about')}
          path={path}
          changes={[PATH]}
          onDone={props.onClose}
        />
      }
    >
      <Group justify="space-between">
        <EndpointState endpoint={endpoint} />
        <Actions endpoint={endpoint} path={path} onSecret={props.onSecret} />
      </Group>
      <Tabs defaultValue="deliveries">
        <Tabs.List mb="md">
          <Tabs.Tab value="deliveries">{t('webhooks.deliveries')}</Tabs.Tab>
          <Tabs.Tab value="replay">{t('webhooks.replay')}</Tabs.Tab>
          <Tabs.Tab value="settings">{t('webhooks.settings')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="deliveries">
          <Deliveries path={`${path}/deliveries`} />
        </Tabs.Panel>
        <Tabs.Panel value="replay">
          <ReplayForm path={path} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <div style={{ display: 'grid', gap: 16 }}>
            <EndpointFields draft={draft} problem={save.error} />
          </div>
        </Tabs.Panel>
      </Tabs>
    </FormDrawer>
  )
}

function Actions(props: { endpoint: Endpoint; path: string; onSecret: (secret: string) => void }) {
  const { t } = useWords()
  const { endpoint, path } = props
  const off = Boolean(endpoint.disabled)
  const test = useSave<Delivery>(() => ({ method: 'POST', path: `${path}/test` }), [`${path}/deliveries`])
  const turn = useSave<Endpoint>(() => ({ method: 'PATCH', path, body: { disabled: !off } }), [PATH])
  return (
    <div>
      <Group gap={8} className={css.above ?? ''}>
        <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {t('webhooks.test')}
        </Button>
        <ConfirmButton<NewEndpoint>
          label={t('webhooks.change_secret')}
          title={t('webhooks.change_secret')}
          about={t('webhooks.change_about')}
          tone="plain"
          button={{ size: 'xs', variant: 'default' }}
          write={{ method: 'POST', path: `${path}/secret` }}
          changes={[PATH]}
          onDone={(made) => props.onSecret(made.secret)}
        />
        <Button
          size="xs"
          variant={off ? 'filled' : 'default'}
          loading={turn.isPending}
          onClick={() => turn.mutate()}
        >
          {t(off ? 'webhooks.turn_on' : 'webhooks.turn_off')}
        </Button>
      </Group>
      <ProblemAlert problem={test.error ?? turn.error} />
    </div>
  )
}
