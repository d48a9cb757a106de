/** The English words. Their keys are the dictionary: another language that lacks one does not compile. */
export const en = {
  // Launcher and panel
  openChat: 'Open chat',
  openChatUnread: (count: number) => `Open chat, ${count} unread ${count === 1 ? 'message' : 'messages'}`,
  closeChat: 'Close chat',
  chatWith: (name: string) => (name ? `Chat with ${name}` : 'Chat'),
  chat: 'Chat with us',
  messages: 'Messages',
  greetingTitle: 'Hi there',
  greeting: 'Ask us anything. We are happy to help.',
  online: 'We are online',
  botOnline: 'Answers at once',
  invitation: 'Write to us, the answers come right here.',
  away: 'We are away at the moment',
  backAt: (time: string) => `Back ${time}`,
  offlineMessage: 'Nobody is here right now. Leave us a message, and we will get back to you.',
  signOnRequired: 'Please sign in to chat with us.',

  // Authors
  you: 'You',
  team: 'Team',
  assistant: 'AI assistant',
  agent: 'Support',

  // What happened
  joined: (name: string) => `${name} joined the chat`,
  tookOver: (name: string) => `${name} took over the chat`,
  waiting: 'You are in the queue. Somebody will be with you soon.',
  waitingAgain: 'You are back in the queue, at your old place.',
  botCalled: 'The AI assistant is back',
  closed: 'The chat has ended',
  reopened: 'The chat goes on',
  position: (place: number) =>
    place <= 1 ? 'You are next in the queue' : `You are number ${place} in the queue`,
  typing: (name: string) => `${name} is typing`,
  writing: 'The AI assistant is writing',
  today: 'Today',
  yesterday: 'Yesterday',
  loadingEarlier: 'Loading earlier messages',
  earlier: 'Earlier messages',
  newMessages: 'New messages',
  toNewest: 'To the newest message',

  // Marks
  queued: 'Waiting to be sent',
  sending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  held: 'Being reviewed before it is delivered',
  withheld: 'Not delivered: it was not released',
  refused: 'Not sent',
  retry: 'Try again',
  edit: 'Edit',
  discard: 'Discard',

  // Composer
  write: 'Write a message…',
  writeLabel: 'Message',
  send: 'Send',
  attach: 'Attach a file',
  drop: 'Drop files here to send them',
  charactersLeft: (count: number) => `${count} characters left`,
  charactersOver: (count: number) =>
    `${count} characters too many. Shorten it, or send it in several messages.`,
  uploading: (name: string, percent: number) => `Uploading ${name}: ${percent} %`,
  cancel: 'Cancel',
  fileTooLarge: (size: string) => `This file is too large. A file may have ${size} at most.`,
  fileEmpty: 'This file is empty.',

  // Content
  image: 'Picture',
  openImage: (name: string) => `Open the picture ${name}`,
  download: (name: string, size: string) => `Download ${name}, ${size}`,
  fileGone: 'This file cannot be loaded at the moment.',
  sources: 'Sources',
  opensNewTab: '(opens in a new tab)',
  chosen: 'chosen',
  unknownContent: 'This kind of message cannot be shown here.',
  good: 'This answer helped',
  bad: 'This answer did not help',

  // Forms
  startChat: 'Start the chat',
  leaveMessage: 'Leave a message',
  yourMessage: 'Your message',
  sendMessage: 'Send message',
  required: 'Please fill this in.',
  invalidEmail: 'This does not look like an e-mail address.',
  invalidPhone: 'This does not look like a phone number.',
  tooLong: (most: number) => `At most ${most} characters.`,
  choose: 'Please choose',
  optional: 'optional',
  continueWithout: 'Continue without this',
  leftMessage: 'Thank you. We have your message and will answer here as soon as we can.',

  // CSAT
  rateTitle: 'How did we do?',
  scores: ['Very bad', 'Bad', 'All right', 'Good', 'Very good'] as const,
  score: (score: number, word: string) => `${score} of 5: ${word}`,
  rateComment: 'Would you like to tell us more?',
  rateSend: 'Send',
  rateThanks: 'Thank you for telling us.',
  rateChange: 'Change',

  // Connection
  connecting: 'Connecting…',
  offline: 'No connection. What you write is sent as soon as it is back.',
  connectNow: 'Try now',

  // Refusals, by code: what went wrong, and the way on
  problems: {
    network: 'The connection failed. Check it and try again.',
    too_large: 'This is too large. Send less, or a smaller file.',
    text_too_long: 'This text is too long. Send it in several messages.',
    rate_limited: 'That was a lot at once. Wait a moment and try again.',
    busy: 'Much is going on here right now. Try again in a moment.',
    token_expired: 'Your session has run out. Reload the page and try again.',
    sign_on_refused: 'Your sign-in was not accepted. Sign in again, then come back here.',
    forbidden: 'This is not possible here.',
    not_found: 'This is not there any more.',
    conversation_closed: 'This chat has ended. Write again to start a new one.',
    attachment_mismatch: 'The file did not arrive whole. Send it again.',
    content_refused: 'It holds words that are not allowed here. Say it in other words.',
    invalid_field: 'Something in it cannot be used. Correct it and try again.',
    internal_error: 'Something failed on our side. Try again.',
  },
  retryIn: (seconds: number) => `Possible again in ${seconds} s.`,
}

/** A dictionary: each of the English keys, with words or with a function of the same shape. */
export type Texts = {
  [K in keyof typeof en]: (typeof en)[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : (typeof en)[K] extends string
      ? string
      : (typeof en)[K] extends readonly string[]
        ? readonly [string, string, string, string, string]
        : { [P in keyof (typeof en)[K]]: string }
}
