/** The frame of every page: head, navigation, language, as-of line. Styles and programs are files of ours, never inline. */
import { html } from 'hono/html';
import { sections } from '../../kpi/sections/index.ts';
import { type Locale, say } from '../../messages/index.ts';
import type { AssetPaths } from '../assets.ts';
import type { Addresses, Question } from './question.ts';

/** A piece of a page; whatever is put into it is escaped. */
export type Html = ReturnType<typeof html>;

export interface Frame {
  readonly locale: Locale;
  readonly assets: AssetPaths;
  readonly title: string;
  /** Null where there is no question: a refusal. */
  readonly asked: { readonly question: Question; readonly addresses: Addresses } | null;
  /** The page or section that is open. */
  readonly current: string | null;
  /** The address of this page in the other language. */
  readonly otherLanguage: string | null;
  /** True on pages of figures: they hear of changes and draw charts. */
  readonly isLive?: boolean;
}

/** A whole page. */
export function page(frame: Frame, body: Html): Html {
  const { locale, assets, title, asked, current, otherLanguage, isLive = false } = frame;
  const other: Locale = locale === 'en' ? 'zh-CN' : 'en';
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${say(locale, 'web-brand')}</title>
<link rel="icon" href="${assets.of('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.of('dashboard.css')}">
${isLive ? html`<script src="${assets.of('echarts.js')}" defer></script>` : ''}
<script src="${assets.of('dashboard.js')}" type="module"></script>
</head>
<body${isLive ? html` data-events="/dashboard/events"` : ''}>
<a class="skip" href="#main">${say(locale, 'web-skip')}</a>
<header class="top">
<a class="brand" href="${asked?.addresses.of('/dashboard') ?? '/dashboard'}">${say(locale, 'web-brand')}</a>
${
  otherLanguage === null
    ? ''
    : html`<a class="language" href="${otherLanguage}" lang="${other}" hreflang="${other}">${say(other, 'web-language')}</a>`
}
</header>
${asked === null ? '' : navigation(asked.addresses, current, locale)}
<main id="main" tabindex="-1">
${body}
</main>
</body>
</html>`;
}

function navigation({ of }: Addresses, current: string | null, locale: Locale): Html {
  const entries = [
    ...sections.map(({ name }) => ({ name, label: say(locale, `kpi.section.${name}`) })),
    { name: 'all', label: say(locale, 'web-all') },
  ];
  return html`<nav class="tabs" aria-label="${say(locale, 'web-sections')}"><ul>
${entries.map(
  ({ name, label }) =>
    html`<li><a href="${of(`/dashboard/${name}`)}"${name === current ? html` aria-current="page"` : ''}>${label}</a></li>`,
)}
</ul></nav>`;
}

/** A page that says what went wrong and what to do. */
export function refusal(frame: Frame, told: { readonly message: string; readonly hint: string | null }): Html {
  return page(
    frame,
    html`<section class="notice" role="alert">
<h1>${frame.title}</h1>
<p class="message">${told.message}</p>
${told.hint === null ? '' : html`<p>${told.hint}</p>`}
<p><a class="button" href="/dashboard">${say(frame.locale, 'web-back')}</a></p>
</section>`,
  );
}
