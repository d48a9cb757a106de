import { useSigned } from '../../app/api'
import { useWords } from '../../app/words'
import { Copyable } from '../../ui/Secret'
import css from '../../ui/ui.module.css'

/** What a site puts into its pages to have the widget; and where an app's WebView finds it. */
export function Install({ inbox }: { inbox: string }) {
  const { t } = useWords()
  const { session } = useSigned()
  const origin = window.location.origin
  const snippet = `<script async src="${origin}/widget.js"\n  data-account="${session.account}" data-inbox="${inbox}"></script>`
  return (
    <div style={{ display: 'grid', gap: 18, maxWidth: 680 }}>
      <div>
        <h3 className={css.sectionTitle}>{t('install.site')}</h3>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('install.site_hint')}
        </p>
        <Copyable text={snippet} block />
      </div>
      <div>
        <h3 className={css.sectionTitle}>{t('install.app')}</h3>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('install.app_hint')}
        </p>
        <Copyable text={`${origin}/widget/?account=${session.account}&inbox=${inbox}`} />
      </div>
      <div>
        <h3 className={css.sectionTitle}>{t('install.identify')}</h3>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('install.identify_hint')}
        </p>
        <Copyable text={"deskwire('identify', async () => (await fetch('/chat-token')).text())"} />
      </div>
    </div>
  )
}
