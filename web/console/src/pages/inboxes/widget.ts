import type { FormField, WidgetSettings } from '../../ui/schema'
import { filled } from '../../ui/TextsField'

/** A field of a form with all that it has. */
export type Field = FormField & Required<Pick<FormField, 'kind' | 'required'>>

/** A widget's settings with all that they have. */
export type Widget = Omit<WidgetSettings, 'pre_chat' | 'offline_form'> &
  Required<Pick<WidgetSettings, 'position' | 'csat' | 'attachments' | 'sound'>> & {
    pre_chat: Field[]
    offline_form: Field[]
  }

/** What the widget of a new inbox is: as the server has it. */
const NEW_WIDGET: Widget = {
  position: 'right',
  pre_chat: [],
  offline_form: [],
  csat: true,
  attachments: true,
  sound: true,
}

/** The widget's colour unless said: the console's own accent. */
export const COLOUR = '#5b5bd6'

/** The settings of an inbox; those of a new one where it has none. */
export function widgetOf(settings: WidgetSettings | null | undefined): Widget {
  return {
    ...NEW_WIDGET,
    ...settings,
    pre_chat: (settings?.pre_chat ?? []).map(whole),
    offline_form: (settings?.offline_form ?? []).map(whole),
  }
}

function whole(field: FormField): Field {
  return { ...field, kind: field.kind ?? 'text', required: field.required ?? false }
}

/** Settings as they are sent: without texts in which nothing is said, without choices where none are made. */
export function sendable(widget: Widget): WidgetSettings {
  const { title, greeting, offline_message, colour, pre_chat, offline_form, ...rest } = widget
  return {
    ...rest,
    ...(hasText(title) && { title: filled(title) }),
    ...(hasText(greeting) && { greeting: filled(greeting) }),
    ...(hasText(offline_message) && { offline_message: filled(offline_message) }),
    ...(colour && { colour }),
    pre_chat: pre_chat.map(field),
    offline_form: offline_form.map(field),
  }
}

function hasText(texts: WidgetSettings['title']): boolean {
  return Object.keys(filled(texts)).length > 0
}

function field({ choices, ...rest }: Field): FormField {
  return { ...rest, label: filled(rest.label), ...(rest.kind === 'choice' && { choices: choices ?? [] }) }
}

/** The luminance up to which white words keep a contrast of 3:1, which large and bold text needs (WCAG 1.4.3). */
const WHITE_UNTIL = 0.3

/** WCAG's relative luminance: each colour's part of it, and where its curve begins. */
const RED = 0.2126
const GREEN = 0.7152
const BLUE = 0.0722
const LINEAR_UNTIL = 0.03928

/** White or near-black: whichever can be read better on a colour. */
export function textOn(colour: string): string {
  const part = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return value <= LINEAR_UNTIL ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return RED * part(1) + GREEN * part(3) + BLUE * part(5) > WHITE_UNTIL ? '#16161a' : '#ffffff'
}
