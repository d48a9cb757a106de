/** What each code of a refusal means, in English: for people, and with the way on. */
export const refusalsEn = {
  'refusal.malformed_json':
    'The server could not read this. Try again; if it persists, tell your administrator.',
  'refusal.unknown_field': 'The server does not know one of these fields. It may be older than this console.',
  'refusal.invalid_field':
    'A field is missing or has a value that cannot be used. Correct it and save again.',
  'refusal.too_large': 'This is too large. Shorten it and save again.',
  'refusal.text_too_long': 'The text is too long. Shorten it and try again.',
  'refusal.empty': 'There is nothing in it. Write something first.',
  'refusal.rate_limited': 'Too many requests at once. Wait a moment and try again.',
  'refusal.unauthenticated':
    'You are no longer signed in. Sign in again; what you wrote here stays until then.',
  'refusal.token_expired': 'Your sign-in has run out. Sign in again.',
  'refusal.forbidden': 'Your role does not allow this. Ask an administrator.',
  'refusal.not_found': 'It is not there any more. Somebody may have deleted it.',
  'refusal.method_not_allowed': 'This server cannot do that. It may be older than this console.',
  'refusal.sync_required': 'Something newer happened meanwhile. Look at it, then try again.',
  'refusal.busy': 'Many people are writing here at once. Try again in a moment.',
  'refusal.conversation_closed': 'This conversation is closed. Reopen it first.',
  'refusal.not_possible_now': 'That is not possible in the present state. Look at it again.',
  'refusal.already_assigned': 'Somebody else has this conversation already.',
  'refusal.not_assignee': 'Only the agent who has this conversation may do that. Accept it first.',
  'refusal.transfer_not_yours': 'This transfer waits for somebody else.',
  'refusal.at_capacity': 'That agent has as many conversations as they may have.',
  'refusal.self_at_capacity':
    'You have as many conversations as you may have. Raise your capacity in your menu, or close one.',
  'refusal.agent_unavailable': 'That agent is not online. Choose another, or a team.',
  'refusal.conflict':
    'It exists already, or somebody changed it meanwhile. Look at it again and decide anew.',
  'refusal.invalid_cursor': 'This list has changed. Load it again.',
  'refusal.sign_on_refused': 'The sign-on was not accepted. Sign in again, or ask whoever runs it.',
  'refusal.sign_on_unavailable':
    'The company’s sign-on cannot be reached at the moment. Try again in a minute.',
  'refusal.attachment_mismatch': 'The upload is not what was announced. Try it again.',
  'refusal.invalid_rules':
    'The file has mistakes; what was in force stays in force. Mend these lines and save again.',
  'refusal.query_failed':
    'The company’s system gave no answer. Try again in a moment, or ask whoever runs it.',
  'refusal.invalid_file': 'The file has mistakes; nothing was changed. Mend these lines and try again.',
  'refusal.content_refused': 'This holds words that are not allowed here. Say it in other words.',
  'refusal.overtaken': 'Something newer was said meanwhile. Read it and decide anew.',
  'refusal.model_unavailable':
    'There is no trained model for that. Give two intents examples, and train one.',
  'refusal.internal_error': 'Something failed on the server; nothing was changed. Try the same again.',
  'call.invalid_url': 'this is not an address that can be called',
  'call.invalid_request': 'the request could not be made',
  'call.address_not_allowed': 'it lies inside a network that may not be called (allow-inside)',
  'call.dns_failed': 'there is no such host',
  'call.connect_failed': 'nobody answers there',
  'call.tls_failed': 'its certificate is not good',
  'call.timed_out': 'no answer in time',
  'call.response_too_large': 'the answer is too large',
  'call.invalid_response': 'the answer is no HTTP',
} as const
