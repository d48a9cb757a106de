import { ActionIcon, UnstyledButton } from '@mantine/core'
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight'
import IconPencil from '@tabler/icons-react/icons/IconPencil'
import type { ReactNode } from 'react'
import css from './ContactPanel.module.css'

interface Props {
  title: string
  /** What the pencil is for; without it there is none. */
  edit?: { label: string; on: boolean; onClick: () => void }
  /** It can be folded; whoever folds it draws nothing below. */
  fold?: { open: boolean; onClick: () => void }
  children: ReactNode
}

/** A part of the panel. */
export function Section({ title, edit, fold, children }: Props) {
  return (
    <section className={css.section}>
      <div className={css.head}>
        <h3 className={css.heading}>
          {fold ? (
            <UnstyledButton className={css.fold ?? ''} aria-expanded={fold.open} onClick={fold.onClick}>
              {title}
              <IconChevronRight size={14} stroke={1.8} />
            </UnstyledButton>
          ) : (
            title
          )}
        </h3>
        {edit && !edit.on && (
          <ActionIcon size="sm" aria-label={edit.label} title={edit.label} onClick={edit.onClick}>
            <IconPencil size={14} stroke={1.8} />
          </ActionIcon>
        )}
      </div>
      {children}
    </section>
  )
}
