/** Short names for what the API's schema has. */
import type { Schemas } from '@deskwire/sdk'

/** An agent. */
export type Agent = Schemas['Agent']
/** What an agent may do. */
export type Role = Schemas['Role']
/** A team. */
export type Team = Schemas['Team']
/** An inbox. */
export type Inbox = Schemas['Inbox']
/** A label that conversations may have. */
export type LabelDefinition = Schemas['LabelDefinition']
/** A canned response. */
export type CannedResponse = Schemas['CannedResponse']
/** A business query. */
export type QueryInfo = Schemas['QueryInfo']
/** A business query's answer. */
export type QueryAnswer = Schemas['QueryAnswer']
/** A suggested reply. */
export type Suggestion = Schemas['Suggestion']
/** An intent. */
export type Intent = Schemas['Intent']
/** What the AI agent thought in a turn. */
export type Turn = Schemas['Turn']
/** Why the AI agent gave a conversation to people. */
export type HandOverReason = Schemas['HandOverReason']
