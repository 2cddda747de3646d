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
    const places = placesOf(sources ?? []);
    return el('div', { class: 'course' },
        courseHead(course ?? {}, places),
        section('Units', units, (rows) => unitTable(rows, places)),
        section('Assessments', assessments, (rows) =>
            assessmentTable(rows, places)),
        section('Books', books, (rows) => bookList(rows, places)),
        sources?.length > 0 ? el('p', { class: 'sources' },
            `Lines are those of ${sources[0].document}.`) : null);
}

/* Where each fact stands: "line 12", "lines 12–14", from the first part that
 * told it.  By JSON pointer. */
function placesOf(sources) {
    const places = new Map();
    for (const { fact, first_line: first, last_line: last } of sources) {
        if (!places.has(fact) && Number.isInteger(first)) {
            places.set(fact, first === last ? `line ${first}`
                : `lines ${first}–${last}`);
        }
    }
    return places;
}

function courseHead(course, places) {
    const { code, title } = course;
    const fact = (label, name) => course[name] ? el('div', {
        title: places.get(`/course/${name}`) }, el('dt', {}, label),
    el('dd', {}, course[name])) : null;
    return el('section', { class: 'card course-head' },
        el('h3', { title: places.get('/course/title') },
            title || code || 'A course without a title'),
        el('dl', {}, fact('Code', 'code'), fact('Instructor', 'instructor'),
            fact('Term', 'term')));
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

function placeCell(places, fact) {
    return el('td', { class: 'place' }, places.get(fact) ?? '');
}

function unitTable(units, places) {
    return table('units', [['No.', 'number'], ['Unit'], ['Topics'],
        ['Source', 'place']], units.map(({ number, title, topics }, index) =>
        el('tr', {},
            el('td', { class: 'number' }, number === null ||
                number === undefined ? '' : String(number)),
            el('th', { scope: 'row' }, title ?? ''),
            el('td', {}, topics?.length > 0 ? el('ul', { class: 'topics' },
                ...topics.map((topic) => el('li', {}, topic))) : '–'),
            placeCell(places, `/units/${index}`))));
}

function assessmentTable(assessments, places) {
    const weights = assessments.map(({ weight_percent: weight }) => weight)
        .filter((weight) => typeof weight === 'number');
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const rows = assessments.map(({ name, weight_percent: weight, due },
        index) => el('tr', {},
        el('th', { scope: 'row' }, name ?? ''),
        el('td', { class: 'weight' }, typeof weight === 'number'
            ? weightBar(weight) : '–'),
        el('td', { class: 'due' }, due || '–'),
        placeCell(places, `/assessments/${index}`)));
    const isWhole = Math.abs(sum - 100) < 0.01;
    if (weights.length > 0) {
        rows.push(el('tr', { class: 'sum' }, el('th', { scope: 'row' }, 'Sum'),
            el('td', { class: 'weight' }, percent(sum)),
            el('td', { colspan: '2', class: isWhole ? null : 'warning' },
                isWhole ? '' : 'The weights do not add up to 100 %.')));
    }
    return table('assessments', [['Assessment'], ['Weight'], ['Due'],
        ['Source', 'place']], rows);
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

function bookList(books, places) {
    return el('ul', { class: 'plain-list books' },
        ...books.map((book, index) => el('li', {}, el('span', {}, book),
            el('span', { class: 'place' },
                places.get(`/books/${index}`) ?? ''))));
}
