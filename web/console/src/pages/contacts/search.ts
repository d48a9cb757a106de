/** Milliseconds without a key after which a search is sent: a fast typist's words are one search. */
export const SEARCH_MS = 250
