/*
 * rich_text.mjs - how answers are shown: the Markdown that counts, what stays
 * text, and that a growing answer looks at each moment as if it had come whole.
 *
 * SPDX-License-Identifier: MIT
 */
import { openPage } from './support/browser.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { assert, finish, test } from './support/tap.mjs';

const ROWS = [
    ['plain', 'a\nb', '<p>a\nb</p>'],
    ['paragraphs', 'a\n\n\nb', '<p>a</p><p>b</p>'],
    ['emphasis', '**a** *b* _c_ `d`', '<p><strong>a</strong> <em>b</em> '
        + '<em>c</em> <code>d</code></p>'],
    ['nested emphasis', '**a *b* `c`**',
        '<p>**a <em>b</em> <code>c</code>**</p>'],
    ['no emphasis', '2 * 3 * 4 a_b_c **x', '<p>2 * 3 * 4 a_b_c **x</p>'],
    ['code keeps marks', '`**a**` ``b`', '<p><code>**a**</code> ``b`</p>'],
    ['headings', '# a\n### b #', '<h3>a</h3><h5>b</h5>'],
    ['closed headings', '# a# \n## b##\n# # #',
        '<h3>a#</h3><h4>b</h4><h3>#</h3>'],
    ['no heading', '#a', '<p>#a</p>'],
    ['list', '- a\n- **b**', '<ul><li>a</li><li><strong>b</strong></li></ul>'],
    ['numbers', '3. a\n4) b', '<ol start="3"><li>a</li><li>b</li></ol>'],
    ['nested list', '- a\n  - b\n- c',
        '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>'],
    ['item goes on', '- a\n  b\n\n- c', '<ul><li>a b</li><li>c</li></ul>'],
    ['list after text', 'a\n- b', '<p>a</p><ul><li>b</li></ul>'],
    ['quotation', '> a\n> > b\n\nc', '<blockquote><p>a</p><blockquote><p>b'
        + '</p></blockquote></blockquote><p>c</p>'],
    ['rule', 'a\n\n---', '<p>a</p><hr>'],
    ['fence', '```c\n<b>\n\n*x*\n```\na', '<pre tabindex="0"><code '
        + 'data-language="c">&lt;b&gt;\n\n*x*</code></pre><p>a</p>'],
    ['open fence', '~~~\na', '<pre tabindex="0"><code>a</code></pre>'],
    ['table', '| a | b |\n|---|:-:|\n| c |', '<div class="table-frame" '
        + 'tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr></thead>'
        + '<tbody><tr><td>c</td><td></td></tr></tbody></table></div>'],
    ['no table', 'a | b\n---', '<p>a | b</p><hr>'],
    ['link', '[a](https://example.org/)', '<p><a href="https://example.org/" '
        + 'target="_blank" rel="noopener noreferrer nofollow">a</a></p>'],
    ['harmful links', '[a](javascript:b) [c](data:d) [e](//f)',
        '<p>[a](javascript:b) [c](data:d) [e](//f)</p>'],
    ['markup', '<script>a</script>\n<b>', '<p>&lt;script&gt;a&lt;/script&gt;\n'
        + '&lt;b&gt;</p>'],
    ['entities', '&lt; &amp;', '<p>&amp;lt; &amp;amp;</p>'],
];

/* Each repeated: none may take more than linear time, or a long stack. */
const NASTY = ['*', '**a', '_a', '`', '``a`', '[', '[a](', '> ', '- ', '  - a\n',
    '|', '| a |\n|---|\n', '# ', '```\n', '1. ', '<', '\n', '> > > a\n'];
/* The same of lines with a gap in them. */
const GAP = ' '.repeat(65536);
const GAPS = [`# a${GAP}b`, `#${GAP}a\u2028b`, `# ${GAP}#${GAP}`,
    `a | b\n${GAP}x`, `a | b\n-${GAP}|x`, `a | b\n|${GAP}-${GAP}|x`,
    `-${GAP}-${GAP}a`, `1.${GAP}`, `>${GAP}a`, `*a${GAP}b`, `**a${GAP}`,
    `[a${GAP}](${GAP})`];

const server = await startServer({ db: newDatabase() });
const page = await openPage(server.url);
await page.evaluate(async () => {
    window.RichText = (await import('/rich-text.js')).RichText;
});

for (const [name, text, html] of ROWS) {
    await test(name, async () => {
        assert.equal(await page.evaluate((source) => {
            const rich = new window.RichText();
            rich.set(source);
            return rich.element.innerHTML;
        }, text), html);
    });
}

await test('growing by one character, it looks as if it had come whole',
    async () => {
        const wrong = await page.evaluate((texts) => {
            const differ = [];
            const growing = new window.RichText();
            for (const text of texts) {
                for (let length = 0; length <= text.length; length += 1) {
                    const whole = new window.RichText();
                    whole.set(text.slice(0, length));
                    growing.set(text.slice(0, length));
                    if (whole.element.innerHTML !== growing.element.innerHTML) {
                        differ.push(text.slice(0, length));
                    }
                }
            }
            return differ;
        }, [...ROWS.map(([, text]) => text),
            ROWS.map(([, text]) => text).join('\n\n')]);
        assert.deepEqual(wrong, []);
    });

await test('blocks that are whole are not built again', async () => {
    assert.equal(await page.evaluate(() => {
        const rich = new window.RichText();
        rich.set('a\n\nb');
        const first = rich.element.firstChild;
        rich.set('a\n\nbc\n\nd');
        return rich.element.firstChild === first;
    }), true);
});

await test('there may be as many parts as there is room for', async () => {
    for (const [piece, tag] of [['`a` ', 'code'], ['|a\n|-|\n', 'tr']]) {
        assert.ok(await page.evaluate(([text, parts]) => {
            const rich = new window.RichText();
            rich.set(text);
            return rich.element.querySelectorAll(parts).length;
        }, [piece.repeat(75000), tag]) >= 75000, piece);
    }
});

await test('nothing makes it slow', async () => {
    const texts = [...NASTY.map((text) => text.repeat(65536 / text.length)),
        ...GAPS];
    for (const source of texts) {
        const took = await page.evaluate((text) => {
            const begin = performance.now();
            new window.RichText().set(text);
            return performance.now() - begin;
        }, source);
        const name = JSON.stringify(source.replace(/ +/g, ' ').slice(0, 40));
        assert.ok(took < 3000, `${name}: ${took} ms`);
    }
});

await test('no script failed', () => assert.deepEqual(page.problems, []));

await test('the server ends cleanly when told to', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});

finish();
