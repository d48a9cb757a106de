/** What a person likes, kept on their machine. */
import { useLocalStorage } from '@mantine/hooks'

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

/** Whether the panel about the contact is shown. */
export function usePanelOn(): [boolean, (on: boolean) => void] {
  const [on, set] = useLocalStorage({
    key: 'deskwire.panel',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
  return [on, set]
}
