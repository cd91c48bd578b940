/** Texts with places: what people type stays text, in every format, and a cut says that it is one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestLines, digestOf, idempotencyKey, morningLetter, outgoingMessage } from '../../src/notify/letter.ts';
import type { Letter } from '../../src/notify/message.ts';
import {
  checkTemplate,
  escapeText,
  type Format,
  fillTemplate,
  fillTitle,
  placesOf,
} from '../../src/notify/template.ts';

const wide = { max: 100_000, unit: 'characters' } as const;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const formats: readonly Format[] = ['plain', 'robot', 'html'];

/** Text that somebody with bad intentions types. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[点这里](https://evil.example)',
        '@all',
        '@所有人',
        '<at user_id="all"></at>',
        '<@all>',
        '<font color="warning">',
        '<script>alert(1)</script>',
        '"><img src=x onerror=1>',
        '\r\nBcc: a@b.c',
        '\n# 标题',
        '\n> 引用',
        '**粗**',
        '`码`',
        '{工单号}',
        '}}',
        '{{',
        '\u202e',
        '\u2028',
        '\0',
        '【别家】',
        '![](http://x)',
        '&lt;',
        '\\',
        '|',
        '~~',
        'https://evil.example/a?b',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('空调', '不制冷', '👨‍👩‍👧', ' '),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('user text', () => {
  test('never brings a mark of a robot, a tag of HTML, a link or a second line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const format of formats) {
          const escaped = escapeText(text, format);
          expect(escaped).not.toMatch(/[\r\n\u2028\u2029\u202e\0]/);
          expect(escaped).not.toContain('://');
          if (format === 'robot') expect(escaped).not.toMatch(/[[\]<>*_`#@|~\\&]/);
          if (format === 'html') expect(escaped.replace(/&#\d+;/g, '')).not.toMatch(/[<>"'&]/);
          if (format === 'plain') expect(escaped).not.toMatch(/[【】]/);
        }
      }),
    );
  });

  test('is not read as a template, whatever braces it holds', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const filled = fillTemplate('{a}|{b}', { a: text, b: 'B' }, 'html', wide, 'en');
        expect(filled).toBe(`${escapeText(text, 'html')}|B`);
      }),
    );
  });

  test('makes no header of a title', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const format of formats) {
          const title = fillTitle('工单 {a}', { a: text }, format);
          expect(title).not.toMatch(/[\r\n\u2028\0]/);
          expect([...title].length).toBeLessThanOrEqual(200);
        }
      }),
    );
  });

  test('does not grow a title by marks upon marks', () => {
    const title = fillTitle('{a}', { a: `a${'\u0301'.repeat(500)}`.repeat(100) }, 'plain');
    expect([...title].length).toBe(200);
  });

  test('looks like what was typed', () => {
    expect(escapeText('“空调”不制冷, 见 C:\\log_1 #2 *急*', 'robot')).toBe('“空调”不制冷, 见 C:＼log＿1 ＃2 ＊急＊');
    expect(escapeText('第一行\n第二行\t完', 'plain')).toBe('第一行 第二行 完');
    expect(escapeText('a < b & "c"', 'html')).toBe('a &#60; b &#38; &#34;c&#34;');
  });
});

describe('template', () => {
  test('fills places, leaves doubled braces single, and a place without a value empty', () => {
    const filled = fillTemplate(
      '{{x}} {工单号}：{ 标题 }{没有}。',
      { 工单号: 'T-1', 标题: '漏水' },
      'plain',
      wide,
      'zh-CN',
    );
    expect(filled).toBe('{x} T-1：漏水。');
    expect(placesOf('{a}{b}{a}{{c}}')).toEqual(['a', 'b']);
    expect(fillTemplate('{constructor}{__proto__}', {}, 'plain', wide, 'en')).toBe('');
  });

  const fields = [
    { names: ['工单号', 'ticket_no'], internal: false },
    { names: ['内部备注', 'note'], internal: true },
  ];
  test('is refused when it names what no field is, and for customers what is internal, by any of its names', () => {
    expect(checkTemplate('{工单号} {note}', fields, 'staff')).toEqual([]);
    expect(checkTemplate('{工单号} {note} {内部备注}', fields, 'customer').map(({ params }) => params.place)).toEqual([
      'note',
      '内部备注',
    ]);
    expect(checkTemplate('{工单} {{note}}', fields, 'customer')).toEqual([
      { code: 'notify-template-unknown', params: { place: '工单' } },
    ]);
  });

  test('stays within the limit, cuts the longest value, and says so', () => {
    const long = '很长的描述'.repeat(100);
    const filled = fillTemplate(
      '{no} {text}',
      { no: 'T-000001-AB', text: long },
      'robot',
      { max: 300, unit: 'bytes' },
      'zh-CN',
    );
    expect(Buffer.byteLength(filled)).toBeLessThanOrEqual(300);
    expect(filled).toMatch(/^T-000001-AB 很长的描述.*…\n（内容过长，已截短；全文见工单）$/s);
    fc.assert(
      fc.property(
        hostile,
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.integer({ min: 0, max: 200 }),
        fc.constantFrom(...formats),
        fc.constantFrom('bytes', 'characters'),
        (a, b, max, format, unit) => {
          const text = fillTemplate('甲 {a} 乙 {b} 丙', { a: a.repeat(4), b }, format, { max, unit }, 'en');
          expect(unit === 'bytes' ? Buffer.byteLength(text) : [...text].length).toBeLessThanOrEqual(max);
          if (format === 'html') expect(text.replace(/&#\d+;/g, '')).not.toContain('&');
          if (!loneSurrogate.test(a + b)) expect(text).not.toMatch(loneSurrogate);
        },
      ),
    );
  });
});

describe('letter', () => {
  const letter = (title: string, values: Letter['values'] = {}): Letter => ({
    title,
    text: '{标题}',
    values: { 标题: title, ...values },
    audience: 'staff',
    link: 'https://desk.example/t/1',
  });
  const robot = { format: 'robot', limits: { max: 4_000, unit: 'bytes', perMinute: 20 } } as const;

  test('one letter stays itself, many become a list whose lines are text', () => {
    expect(digestOf([letter('甲')], 'en')).toEqual(letter('甲'));
    const many = Array.from({ length: 300 }, (_, i) => letter(`T-${i} {名}`, { 名: '[x](http://y)' }));
    const digest = outgoingMessage(digestOf(many, 'zh-CN'), robot, 'k', '', 'zh-CN');
    expect(digest.title).toBe('300 条工单消息');
    expect(digest.text.split('\n').length).toBe(digestLines + 1);
    expect(digest.text).toMatch(/^· T-0 ［x］\(http：\/\/y\)\n/);
    expect(digest.text).toMatch(/……另有 280 条$/);
  });

  test('only an address of the web is a link, and none ends the mark it stands in', () => {
    const linked = (link: string) => outgoingMessage({ ...letter('x'), link }, robot, 'k', '', 'en').link;
    expect(linked('javascript:alert(1)')).toBeNull();
    expect(linked('not a link')).toBeNull();
    expect(linked('https://desk.example/t/(1)?a=<b>')).toBe('https://desk.example/t/%281%29?a=%3Cb%3E');
  });

  test('the key a receiver is told depends on event, recipient and account, and shows none', () => {
    const keys = [
      idempotencyKey('e', 'a', 'mail'),
      idempotencyKey('e', 'b', 'mail'),
      idempotencyKey('e', 'a', 'ding'),
      idempotencyKey('f', 'a', 'mail'),
      idempotencyKey('e', 'amail', ''),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true);
  });

  test('a morning with nothing wrong says nothing; otherwise each kind is counted', () => {
    const nothing = { overdue: [], dueToday: [], unassigned: [], waiting: [] };
    expect(morningLetter(nothing, null, 'en')).toBeNull();
    const tickets = {
      ...nothing,
      overdue: ['T-1 a', 'T-2 <b>'],
      waiting: Array.from({ length: 25 }, (_, i) => `T-${i}`),
    };
    const message = outgoingMessage(morningLetter(tickets, null, 'en')!, { ...robot, format: 'html' }, 'k', '', 'en');
    expect(message.text).toContain('Overdue (2)\n· T-1 a\n· T-2 &#60;b&#62;\n\nWaiting for more than three days (25)');
    expect(message.text).toMatch(/… and 5 more$/);
  });
});
