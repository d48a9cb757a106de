import { Button, TagsInput, TextInput } from '@mantine/core'
import IconPlugConnected from '@tabler/icons-react/icons/IconPlugConnected'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import { useState } from 'react'
import { usePage, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { ConfirmButton, ConfirmDelete } from '../../ui/Confirm'
import { type Column, DataTable } from '../../ui/DataTable'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { Chips } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import { fieldProblem } from '../../ui/problem'
import { Copyable, SecretOnce } from '../../ui/Secret'
import type { EventSource, NewEventSource } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'

const PATH = '/v1/event-sources'

/** The page of the company's systems that send events. */
export default function Sources() {
  const { t } = useWords()
  const list = usePage<EventSource>(PATH)
  const [open, setOpen] = useState<EventSource | 'new'>()
  const [secret, setSecret] = useState<string>()
  const columns: Column<EventSource>[] = [
    { key: 'name', title: t('ui.name'), cell: (source) => source.name },
    {
      key: 'sources',
      title: t('sources.sources'),
      cell: (source) => (source.sources?.length ? <Chips words={source.sources} /> : t('sources.any')),
      quiet: true,
    },
    {
      key: 'created',
      title: t('ui.created'),
      cell: (source) => <TimeAgo at={source.created} />,
      quiet: true,
    },
  ]
  const shown = (made: NewEventSource) => {
    setOpen(undefined)
    setSecret(made.secret)
  }
  return (
    <Page
      title={t('sources.title')}
      about={t('sources.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('sources.new')}
        </Button>
      }
    >
      <DataTable
        list={list}
        id={(source) => source.id}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconPlugConnected, title: t('sources.none'), about: t('sources.none_about') }}
      />
      {open === 'new' && <NewSource onClose={() => setOpen(undefined)} onMade={shown} />}
      {open && open !== 'new' && <Source source={open} onClose={() => setOpen(undefined)} onSecret={shown} />}
      <SecretOnce secret={secret} about={t('sources.secret_about')} onDone={() => setSecret(undefined)} />
    </Page>
  )
}

function NewSource({ onClose, onMade }: { onClose: () => void; onMade: (made: NewEventSource) => void }) {
  const { t } = useWords()
  const draft = useDraft({ name: '', sources: [] as string[] })
  const save = useSave<NewEventSource, typeof draft.value>(
    (body) => ({ method: 'POST', path: PATH, body }),
    [PATH],
  )
  return (
    <FormDrawer
      title={t('sources.new')}
      onClose={onClose}
      onSave={() => save.mutate(draft.value, { onSuccess: onMade })}
      dirty={draft.dirty}
      saving={save.isPending}
      problem={save.error}
    >
      <TextInput
        label={t('ui.name')}
        value={draft.value.name}
        onChange={(event) => draft.set({ name: event.currentTarget.value })}
        error={fieldProblem(save.error, 'name')}
        required
        data-autofocus
      />
      <TagsInput
        label={t('sources.sources')}
        description={t('sources.sources_hint')}
        value={draft.value.sources}
        onChange={(sources) => draft.set({ sources })}
        error={fieldProblem(save.error, 'sources')}
        placeholder="https://shop.example"
      />
    </FormDrawer>
  )
}

function Source(props: {
  source: EventSource
  onClose: () => void
  onSecret: (made: NewEventSource) => void
}) {
  const { t } = useWords()
  const { source } = props
  return (
    <FormDrawer
      title={source.name}
      onClose={props.onClose}
      aside={
        <ConfirmDelete
          name={source.name}
          about={t('sources.delete_about')}
          path={`${PATH}/${source.id}`}
          changes={[PATH]}
          onDone={props.onClose}
        />
      }
    >
      <div>
        <h3 className={css.sectionTitle}>{t('sources.url')}</h3>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('sources.url_hint')}
        </p>
        <Copyable text={source.url} />
      </div>
      <div>
        <h3 className={css.sectionTitle}>{t('sources.sources')}</h3>
        <div style={{ marginTop: 6 }}>
          {source.sources?.length ? <Chips words={source.sources} max={50} /> : t('sources.any')}
        </div>
      </div>
      <div>
        <h3 className={css.sectionTitle}>{t('sources.secret')}</h3>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('sources.change_about')}
        </p>
        <ConfirmButton<NewEventSource>
          label={t('sources.change')}
          title={t('sources.change')}
          about={t('sources.change_about')}
          tone="plain"
          button={{ variant: 'default' }}
          write={{ method: 'POST', path: `${PATH}/${source.id}/secret` }}
          changes={[PATH]}
          onDone={props.onSecret}
        />
      </div>
    </FormDrawer>
  )
}
