/** Lists of conversations, and the one that is open. */
export function InboxPage() {
  return null
}
