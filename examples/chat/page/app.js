/*
 * app.js - puts the page together.
 *
 * SPDX-License-Identifier: MIT
 *
 * The address says what is shown: #/ a new conversation, #/chat/ID, and
 * #/document/ID.
 */
import * as api from './api.js';
import * as memory from './memory.js';
import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { Documents } from './documents.js';
import { Drawer } from './drawer.js';
import { Extraction } from './extraction.js';
import { ScrollKeeper } from './scroll-keeper.js';
import { Sessions } from './sessions.js';
import { el, icon, iconButton, refreshTimes } from './dom.js';

const SUGGESTIONS = [
    'Which deadlines are there?',
    'How is the grade made up?',
    'Which books do I need?',
];

const TOAST_MS = 8000;

const byId = (id) => document.getElementById(id);

/* Everything that goes wrong outside an answer is told here. */
function showProblem(error) {
    if (error?.status === 401) {
        signIn(true).catch(showProblem);
        return;
    }
    console.error(error);
    const toast = el('div', { class: 'toast', role: 'alert' }, icon('alert'),
        el('span', {}, error.message));
    const close = iconButton('close', 'Dismiss', {
        class: 'button quiet icon-only',
        on: { click: () => toast.remove() } });
    toast.append(close);
    byId('toasts').append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
}

/* The cookie cannot be seen from here, so the server is asked. */
async function signIn(isLost) {
    if (!isLost) {
        try {
            await refreshLists();
            return;
        } catch (error) {
            if (error.status !== 401) {
                throw error;
            }
        }
    }
    memory.forgetEverything();
    await api.createUser('Guest');
    await refreshLists();
    documents.setCurrent(null);
    if (isLost) {
        location.hash = '#/';
    }
}

function refreshLists() {
    return Promise.all([sessions.refresh(), documents.refresh()]);
}

/* Another tab or device may have gone on meanwhile. */
async function catchUp() {
    try {
        await refreshLists();
        await chat.refresh();
    } catch {
        /* It was not asked for; whatever is done next will tell. */
    }
}

const connection = new Connection(byId('banner'), byId('banner-text'),
    byId('banner-retry'));
const drawer = new Drawer(byId('side'), byId('shade'), byId('side-open'),
    byId('side-close'));
const sessions = new Sessions(byId('sessions'), byId('sessions-empty'),
    (name) => {
        if (route.kind === 'chat') {
            setTitle(name ?? 'New conversation');
        }
    });
const documents = new Documents({ list: byId('documents'),
    empty: byId('documents-empty'), picker: byId('picker'),
    status: byId('upload-status'), veil: byId('veil') }, {
    onAdded: (id) => go(`#/document/${encodeURIComponent(id)}`),
    onChange: (count) => {
        byId('suggestions').hidden = count === 0;
        byId('welcome-add').hidden = count > 0;
    },
    onProblem: showProblem,
});
const extraction = new Extraction(byId('document'), connection, {
    onAsk: ({ name }) => {
        go('#/');
        composer.setText(`In ${name}: `);
        composer.focus();
    },
    onChange: () => documents.refresh().catch(() => {}),
    onProblem: showProblem,
});
const composer = new Composer(byId('composer'), {
    onSend: (text) => chat.submit(text),
    onStop: () => chat.stop(),
});
const chat = new Chat({ list: byId('messages'), older: byId('older'),
    composer, connection, scroll: new ScrollKeeper(byId('scroller'),
        byId('column'), byId('to-end')) }, {
    onSession: (id) => {
        history.replaceState(null, '', `#/chat/${encodeURIComponent(id)}`);
        route = readRoute();
        sessions.setCurrent(id);
    },
    onChange: () => sessions.refresh().catch(showProblem),
    onFilled: (filled) => {
        byId('welcome').hidden = filled;
    },
    onProblem: showProblem,
});

let route = readRoute();

function readRoute() {
    const [, kind, id] = /^#\/(chat|document)\/(.+)$/.exec(location.hash) ??
        [null, 'chat', null];
    return { kind, id: id === null ? null : decodeURIComponent(id) };
}

function go(hash) {
    if (location.hash === hash) {
        showRoute();
    } else {
        location.hash = hash;
    }
}

function setTitle(name) {
    byId('title').textContent = name;
    document.title = `${name} · sse-chat`;
}

function showRoute() {
    route = readRoute();
    drawer.close();
    const isChat = route.kind === 'chat';
    byId('chat-view').hidden = !isChat;
    byId('document-view').hidden = isChat;
    sessions.setCurrent(isChat ? route.id : null);
    documents.setCurrent(isChat ? null : route.id);
    const shown = isChat ? showChat() : showDocument();
    shown.catch((error) => {
        showProblem(error);
        if (error.status === 404) {
            go('#/');
        }
    });
}

function showChat() {
    extraction.leave();
    composer.focus();
    return chat.show(route.id);
}

async function showDocument() {
    chat.leave();
    const known = documents.find(route.id);
    if (known === null) {
        go('#/');
        return;
    }
    setTitle('Document');
    await extraction.show(known);
}

function dressStatic() {
    for (const element of document.querySelectorAll('[data-icon]')) {
        element.prepend(icon(element.dataset.icon));
    }
    byId('suggestions').append(...SUGGESTIONS.map((text) => el('button', {
        type: 'button', class: 'button suggestion',
        on: { click: () => chat.submit(text) } }, text)));
    for (const id of ['add-document', 'attach', 'welcome-add']) {
        byId(id).addEventListener('click', () => documents.pick());
    }
    byId('new-chat').addEventListener('click', () => {
        if (route.kind === 'chat' && route.id === null) {
            drawer.close();
            composer.focus();
        }
    });
}

async function begin() {
    dressStatic();
    for (;;) {
        try {
            await signIn(false);
            break;
        } catch (error) {
            if (error.status !== 0) {
                throw error;
            }
            await connection.wait(2000, new AbortController().signal);
            connection.trying();
        }
    }
    connection.ok();
    window.addEventListener('hashchange', showRoute);
    showRoute();
    document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') {
            catchUp();
        }
    });
    setInterval(refreshTimes, 60000);
    document.documentElement.dataset.ready = 'true';
}

begin().catch(showProblem);
