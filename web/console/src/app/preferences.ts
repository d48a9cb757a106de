/** What a person likes, kept on their machine. */
import { useLocalStorage, useMediaQuery } from '@mantine/hooks'

/** Whether a sound tells of new messages. */
export function useSoundOn(): [boolean, (on: boolean) => void] {
  const [on, set] = useLocalStorage({
    key: 'deskwire.sound',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
  return [on, set]
}

/** Whether desktop notifications are wanted; whether the browser allows them is another thing. */
export function useNotificationsOn(): [boolean, (on: boolean) => void] {
  const [on, set] = useLocalStorage({
    key: 'deskwire.notify',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  return [on, set]
}

/**
 * Below this width the panel about the contact leaves the conversation too little room; below 1100 px it even lies over
 * it (`ContactPanel.module.css`).
 */
const NARROW = '(max-width: 1359px)'

/** Whether the panel about the contact is shown: where there is little room, only once it is asked for. */
export function usePanelOn(): [boolean, (on: boolean) => void] {
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false
  const [beside, setBeside] = useLocalStorage({
    key: 'deskwire.panel',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
  const [over, setOver] = useLocalStorage({
    key: 'deskwire.panel.over',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  return narrow ? [over, setOver] : [beside, setBeside]
}
