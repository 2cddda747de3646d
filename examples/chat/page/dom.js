/*
 * dom.js - making elements, and what every view needs.
 *
 * SPDX-License-Identifier: MIT
 *
 * Text from outside enters the page through text nodes alone.
 */
const SVG = 'http://www.w3.org/2000/svg';

/** Outlines of a 24 by 24 grid. */
const ICONS = {
    plus: 'M12 5v14M5 12h14',
    send: 'M12 19V5M6 11l6-6 6 6',
    stop: 'M7 7h10v10H7z',
    copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
    check: 'M5 12.5l4.5 4.5L19 7.5',
    retry: 'M19 12a7 7 0 1 1-2.1-5M19 4v4h-4',
    file: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
    chat: 'M5 5h14v11H11l-4 4v-4H5z',
    upload: 'M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19h14',
    menu: 'M4 7h16M4 12h16M4 17h16',
    close: 'M6 6l12 12M18 6L6 18',
    alert: 'M12 8v5M12 16.5v.5M12 3.5L21.5 20h-19z',
    down: 'M12 5v14M6 13l6 6 6-6',
    book: 'M5 5.5c3-1 5-.5 7 1 2-1.5 4-2 7-1V18c-3-1-5-.5-7 1-2-1.5-4-2-7-1z' +
        'M12 6.5V19',
};

/**
 * Makes an element.
 *
 * @param {string} tag
 * @param {object} [attributes]  `on` holds listeners by event name; true sets
 *     an empty attribute; false, null and undefined set none.
 * @param {...(Node|string|null|Array)} children  Strings become text nodes;
 *     arrays of them may be longer than arguments can be.
 */
export function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name === 'on') {
            for (const [type, listener] of Object.entries(value)) {
                element.addEventListener(type, listener);
            }
        } else if (value === true) {
            element.setAttribute(name, '');
        } else if (value !== false && value !== null && value !== undefined) {
            element.setAttribute(name, value);
        }
    }
    for (const child of children.flat()) {
        if (child !== null) {
            element.append(child);
        }
    }
    return element;
}

/** An icon; for the eye alone, so whoever uses it gives the name in text. */
export function icon(name) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', ICONS[name]);
    svg.append(path);
    return svg;
}

/** A button with an icon and a name. */
export function iconButton(name, label, attributes = {}) {
    return el('button', { type: 'button', ...attributes }, icon(name),
        el('span', {}, label));
}

/** Says something to people who cannot see the page. */
export function announce(text) {
    const region = document.getElementById('announcer');
    region.append(el('p', {}, text));
    while (region.childElementCount > 6) {
        region.firstElementChild.remove();
    }
}

/** A time for people, which refreshTimes() keeps right. */
export function timeElement(date) {
    return el('time', { datetime: date.toISOString() }, when(date));
}

export function refreshTimes() {
    for (const element of document.querySelectorAll('time[datetime]')) {
        element.textContent = when(new Date(element.dateTime));
    }
}

/* "a moment ago", "5 minutes ago", "3 Nov, 14:20" */
function when(date) {
    const minutes = Math.round((Date.now() - date.getTime()) / 60000);
    if (minutes < 1) {
        return 'a moment ago';
    }
    if (minutes < 60) {
        return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
    }
    const sameDay = date.toDateString() === new Date().toDateString();
    return date.toLocaleString(undefined, sameDay
        ? { hour: '2-digit', minute: '2-digit' }
        : { day: 'numeric', month: 'short', hour: '2-digit',
            minute: '2-digit' });
}

/** "640 bytes", "11 KB", "1.2 MB" */
export function size(bytes) {
    if (bytes < 1024) {
        return `${bytes} bytes`;
    }
    return bytes < 1024 * 1024
        ? `${Math.round(bytes / 1024)} KB`
        : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
