/** What must not be left of somebody who has signed out: agents share machines. */
import { forgetDrafts } from '../chat/composer/drafts'
import { forgetUploads } from '../chat/composer/uploads'
import { forgetMentions } from './mentions'

/** Forgets what an agent began to write and to send, and the notes that mention them. */
export function forgetPerson(agent: string): void {
  forgetDrafts(agent)
  forgetUploads()
  forgetMentions(agent)
}
