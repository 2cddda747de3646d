/*
 * course-view.js - the facts of a course as tables.
 *
 * SPDX-License-Identifier: MIT
 */
import { el } from './dom.js';

/** The element for the `result` of an extraction. */
export function courseView({ course, units, assessments, books, sources }) {
    const isEmpty = ![units, assessments, books].some((list) =>
        list?.length > 0) && !Object.values(course ?? {}).some(Boolean);
    if (isEmpty) {
        return el('section', { class: 'card course-empty' },
            el('h3', {}, 'No facts of a course were found'),
            el('p', { class: 'muted' }, 'This seems to be a document of ' +
                'another kind. You can still ask about it.'));
    }
    return el('div', { class: 'course' },
        courseHead(course ?? {}),
        section('Units', units, unitTable),
        section('Assessments', assessments, assessmentTable),
        section('Books', books, bookList),
        sources?.length > 0
            ? section('Sources', sources, sourceList) : null);
}

function courseHead({ code, title, instructor, term }) {
    const fact = (name, value) => value
        ? el('div', {}, el('dt', {}, name), el('dd', {}, value)) : null;
    return el('section', { class: 'card course-head' },
        el('h3', {}, title || code || 'A course without a title'),
        el('dl', {}, fact('Code', code), fact('Instructor', instructor),
            fact('Term', term)));
}

function section(name, rows, view) {
    const id = `course-${name.toLowerCase()}`;
    return el('section', { class: 'card', 'aria-labelledby': id },
        el('div', { class: 'card-head' }, el('h3', { id }, name),
            el('span', { class: 'count' }, String(rows?.length ?? 0))),
        rows?.length > 0 ? view(rows)
            : el('p', { class: 'muted' }, 'The document names none.'));
}

function table(kind, heads, rows) {
    return el('div', { class: 'table-frame' }, el('table', { class: kind },
        el('thead', {}, el('tr', {}, ...heads.map(([text, column]) =>
            el('th', { scope: 'col', class: column ?? null }, text)))),
        el('tbody', {}, ...rows)));
}

function unitTable(units) {
    return table('units', [['No.', 'number'], ['Unit'], ['Topics']],
        units.map(({ number, title, topics }) => el('tr', {},
            el('td', { class: 'number' }, number === null ||
                number === undefined ? '' : String(number)),
            el('th', { scope: 'row' }, title ?? ''),
            el('td', {}, topics?.length > 0 ? el('ul', { class: 'topics' },
                ...topics.map((topic) => el('li', {}, topic))) : '–'))));
}

function assessmentTable(assessments) {
    const weights = assessments.map(({ weight_percent: weight }) => weight)
        .filter((weight) => typeof weight === 'number');
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const rows = assessments.map(({ name, weight_percent: weight, due }) =>
        el('tr', {},
            el('th', { scope: 'row' }, name ?? ''),
            el('td', { class: 'weight' }, typeof weight === 'number'
                ? weightBar(weight) : '–'),
            el('td', {}, due || '–')));
    const isWhole = Math.abs(sum - 100) < 0.01;
    if (weights.length > 0) {
        rows.push(el('tr', { class: 'sum' }, el('th', { scope: 'row' }, 'Sum'),
            el('td', { class: 'weight' }, percent(sum)),
            el('td', { class: isWhole ? null : 'warning' }, isWhole ? ''
                : 'The weights do not add up to 100 %.')));
    }
    return table('assessments', [['Assessment'], ['Weight'], ['Due']], rows);
}

function weightBar(weight) {
    const bar = el('span', { class: 'weight-bar', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', `${Math.min(Math.max(weight, 0), 100)}%`);
    return el('span', { class: 'weight-cell' },
        el('span', { class: 'weight-text' }, percent(weight)), bar);
}

function percent(weight) {
    return `${Math.round(weight * 100) / 100} %`;
}

function bookList(books) {
    return el('ul', { class: 'plain-list' },
        ...books.map((book) => el('li', {}, asText(book))));
}

function sourceList(sources) {
    return el('ul', { class: 'plain-list sources' },
        ...sources.map((source) => el('li', {}, asText(source))));
}

/* A book or a source is a text, or an object of texts in their order. */
function asText(value) {
    return typeof value === 'object' && value !== null
        ? Object.values(value).filter((part) => part !== null && part !== '')
            .join(', ')
        : String(value);
}
