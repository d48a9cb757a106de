import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
  Popover,
  Tooltip,
} from '@mantine/core'
import type { Translate } from './words'

/** The one accent: a quiet violet-blue that keeps 4.5:1 against white in its sixth shade. */
const iris: MantineColorsTuple = [
  '#f2f2fd',
  '#e4e4fa',
  '#c9c9f4',
  '#acacee',
  '#8f8fe6',
  '#7373de',
  '#5b5bd6',
  '#4f4fc4',
  '#4343ab',
  '#33338a',
]

/** Greys with a breath of the accent, so that nothing looks dirty beside it. */
const gray: MantineColorsTuple = [
  '#fafafb',
  '#f4f4f6',
  '#ebebef',
  '#dfdfe4',
  '#d2d2da',
  '#9d9daa',
  '#71717f',
  '#565662',
  '#35353f',
  '#1c1c22',
]

const dark: MantineColorsTuple = [
  '#ececf1',
  '#b4b4c0',
  '#8e8e9c',
  '#63636f',
  '#3a3a43',
  '#2c2c33',
  '#232329',
  '#1a1a1f',
  '#131317',
  '#0e0e11',
]

const FONT =
  "'Inter', -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', 'Liberation Sans', sans-serif"

/** The console's look, for Mantine's components; what they say themselves is said in the person's language. */
export const themeIn = (t: Translate) =>
  createTheme({
    primaryColor: 'iris',
    primaryShade: 6,
    colors: { iris, gray, dark },
    fontFamily: FONT,
    fontFamilyMonospace:
      "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', monospace",
    defaultRadius: 'md',
    cursorType: 'pointer',
    radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
    fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
    spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '28px' },
    headings: {
      fontWeight: '620',
      sizes: { h1: { fontSize: '22px' }, h2: { fontSize: '18px' }, h3: { fontSize: '15px' } },
    },
    shadows: {
      sm: '0 1px 2px rgba(20, 20, 35, 0.06)',
      md: '0 4px 16px -4px rgba(20, 20, 35, 0.12), 0 1px 3px rgba(20, 20, 35, 0.06)',
      lg: '0 16px 40px -12px rgba(20, 20, 35, 0.22), 0 2px 6px rgba(20, 20, 35, 0.06)',
    },
    components: {
      Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { 'aria-label': t('ui.close') } } }),
      Notification: Notification.extend({
        defaultProps: { closeButtonProps: { 'aria-label': t('ui.close') } },
      }),
      Button: Button.extend({ defaultProps: { size: 'sm', fw: 520 } }),
      ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } }),
      Tooltip: Tooltip.extend({
        defaultProps: { openDelay: 350, withArrow: false, fz: 'xs', transitionProps: { duration: 80 } },
      }),
      Menu: Menu.extend({ defaultProps: { shadow: 'lg', transitionProps: { duration: 90 } } }),
      Popover: Popover.extend({ defaultProps: { shadow: 'lg', transitionProps: { duration: 90 } } }),
      Modal: Modal.extend({
        defaultProps: {
          centered: true,
          closeButtonProps: { 'aria-label': t('ui.close') },
          transitionProps: { duration: 120 },
          overlayProps: { backgroundOpacity: 0.4 },
          styles: { title: { fontSize: 16, fontWeight: 620, letterSpacing: '-0.01em' } },
        },
      }),
    },
  })

/** The design's own variables, for light and for dark: what `theme.css` and all modules draw with. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1c1c22',
    '--mantine-color-dimmed': '#65656f',
    '--mantine-color-default-border': '#e5e5ea',
    '--mantine-color-gray-light-color': '#60606c',
    '--dw-canvas': '#f6f6f8',
    '--dw-surface': '#ffffff',
    '--dw-sunken': '#f7f7f9',
    '--dw-hover': 'rgba(24, 24, 48, 0.045)',
    '--dw-selected': 'rgba(91, 91, 214, 0.10)',
    '--dw-border': '#e5e5ea',
    '--dw-hairline': '#efeff2',
    '--dw-text': '#1c1c22',
    '--dw-dim': '#65656f',
    '--dw-faint': '#676772',
    '--dw-accent': '#5b5bd6',
    '--dw-accent-text': '#4f4fc4',
    '--dw-bubble-visitor': '#f1f1f4',
    '--dw-bubble-agent': '#e9e9fb',
    '--dw-bubble-bot': '#e6f5f1',
    '--dw-bot': '#0b7a62',
    '--dw-note': '#fff6dc',
    '--dw-note-border': '#f0dfa6',
    '--dw-note-text': '#6b4e00',
    '--dw-danger': '#c92a3a',
    '--dw-warn': '#9a5b00',
    '--dw-good': '#19763f',
  },
  dark: {
    '--mantine-color-body': '#16161a',
    '--mantine-color-text': '#ececf1',
    '--mantine-color-dimmed': '#9c9caa',
    '--mantine-color-default-border': '#2a2a31',
    '--mantine-color-gray-light-color': '#a0a0ad',
    '--dw-canvas': '#0f0f12',
    '--dw-surface': '#16161a',
    '--dw-sunken': '#1b1b20',
    '--dw-hover': 'rgba(255, 255, 255, 0.05)',
    '--dw-selected': 'rgba(128, 128, 240, 0.17)',
    '--dw-border': '#2a2a31',
    '--dw-hairline': '#212127',
    '--dw-text': '#ececf1',
    '--dw-dim': '#a0a0ad',
    '--dw-faint': '#9696a2',
    '--dw-accent': '#7c7ce8',
    '--dw-accent-text': '#a9a9f5',
    '--dw-bubble-visitor': '#24242a',
    '--dw-bubble-agent': '#2c2c52',
    '--dw-bubble-bot': '#15352d',
    '--dw-bot': '#4fc9a9',
    '--dw-note': '#2e2715',
    '--dw-note-border': '#4d411f',
    '--dw-note-text': '#ecd48d',
    '--dw-danger': '#ff7b85',
    '--dw-warn': '#f0b357',
    '--dw-good': '#5ac98a',
  },
})
