/*
 * vector_exceptions.mjs - where other readers of event streams differ from
 * tests/cases, and why the vectors stand.
 *
 * SPDX-License-Identifier: MIT
 */

/* Each of the vectors named differs for that reason. */
function forReason(reason, names) {
    return Object.fromEntries(names.map((name) => [name, reason]));
}

export const CHROMIUM = forReason(
    'Seen in version 156: a line end right behind the byte order mark counts ' +
    'as a part of the first line.  "UTF-8 decode" drops the mark before ' +
    'anything is read, so the stream begins with a blank line.',
    ['bom-then-cr', 'bom-then-lf']);

export const EVENTSOURCE_PARSER = {
    ...forReason(
        'A CR that is the last byte so far waits for the one behind it, and ' +
        'the event with it.  A CR not followed by LF ends a line, and at the ' +
        'end of a stream nothing follows.',
        ['bom-one-byte-then-cr', 'bom-then-cr', 'comment-cr',
            'dispatch-all-fields-cr', 'end-after-first-cr-of-crlf',
            'line-ends-cr', 'line-ends-cr-acts-at-once', 'line-ends-cr-events',
            'line-ends-crlf-then-cr', 'line-ends-dense-cr',
            'line-ends-leading-cr', 'line-ends-lf-cr-is-two',
            'line-ends-lf-then-cr', 'real-gemini-blank-line-half',
            'utf8-ill-lead-before-cr']),
    ...forReason(
        'The id of a block without data is not handed out, so the last event ' +
        'ID cannot be known.  The first step to dispatch an event sets it ' +
        'before it is asked whether there is data.',
        ['dispatch-block-of-id-then-data',
            'dispatch-type-only-then-comment-block', 'id-cleared-without-data',
            'id-nul-alone', 'id-nul-long', 'id-nul-without-space',
            'id-without-data-then-event']),
};
