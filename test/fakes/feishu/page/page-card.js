/** Draws the bot's messages: cards of both schemas, with buttons and choices that act, rich posts and plain text. */
import { say } from './words.js';

/** Makes an element. Text goes in as text, never as HTML. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SAFE = /^(https?:|mailto:|\/)/;

/** The little Markdown of cards: bold, italics, struck out, code, links, mentions, coloured words, lists. */
export function markdown(text, nameOf) {
  const root = make('div', { class: 'md' });
  for (const line of String(text ?? '').split('\n')) {
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(line);
    const row = make('div', { class: item === null ? 'line' : 'line item' });
    inline(row, item === null ? line : item[1], nameOf);
    root.append(row);
  }
  return root;
}

const PIECE =
  /\\([\\*_~`[\]<>#])|&#(\d+);|&(lt|gt|amp|nbsp);|\*\*(.+?)\*\*|~~(.+?)~~|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|<at\s+(?:id|user_id|email)=["']?([^"'\s>]+)["']?\s*>(?:<\/at>)?|<font\s+color=["']?([^"'>]+)["']?>(.*?)<\/font>|<text_tag\s+color=["']?([^"'>]+)["']?>(.*?)<\/text_tag>|<a\s+href=["']?([^"'>\s]+)["']?[^>]*>(.*?)<\/a>|<br\s*\/?>|\*([^*\s][^*]*)\*/g;

function inline(into, text, nameOf) {
  let from = 0;
  for (const found of text.matchAll(PIECE)) {
    into.append(text.slice(from, found.index));
    from = found.index + found[0].length;
    const [
      whole,
      escaped,
      number,
      entity,
      bold,
      struck,
      code,
      words,
      address,
      at,
      colour,
      coloured,
      tagColour,
      tagged,
      href,
      anchor,
      slanted,
    ] = found;
    const within = (tag, inner, attributes) => {
      const element = make(tag, attributes);
      inline(element, inner, nameOf);
      into.append(element);
    };
    if (escaped !== undefined) into.append(escaped);
    else if (number !== undefined) into.append(String.fromCodePoint(Number(number)));
    else if (entity !== undefined) into.append({ lt: '<', gt: '>', amp: '&', nbsp: '\u00a0' }[entity]);
    else if (bold !== undefined) within('b', bold);
    else if (struck !== undefined) within('s', struck);
    else if (code !== undefined) into.append(make('code', {}, code));
    else if (words !== undefined) into.append(link(words, address));
    else if (at !== undefined) into.append(make('span', { class: 'at' }, `@${nameOf(at)}`));
    else if (coloured !== undefined) within('span', coloured, { class: `ink ink-${colour}` });
    else if (tagged !== undefined) within('span', tagged, { class: `pill tint-${tagColour}` });
    else if (anchor !== undefined) into.append(link(anchor, href));
    else if (slanted !== undefined) within('i', slanted);
    else if (/^<br/.test(whole)) into.append(make('br'));
  }
  into.append(text.slice(from));
}

function link(words, address) {
  return SAFE.test(address) ? make('a', { href: address, target: '_blank', rel: 'noreferrer' }, words) : words;
}

/** `act(value, more)` is called when somebody clicks or chooses. */
export function card(content, { nameOf, act }) {
  const root = make('div', { class: 'card' });
  const { header } = content;
  if (header !== undefined) {
    root.append(
      make(
        'div',
        { class: `card-head tint-${header.template ?? 'default'}` },
        make('div', { class: 'card-title' }, header.title?.content ?? ''),
        header.subtitle?.content ? make('div', { class: 'card-subtitle' }, header.subtitle.content) : null,
        ...(header.text_tag_list ?? []).map(({ text, color }) =>
          make('span', { class: `pill tint-${color ?? 'blue'}` }, text?.content ?? ''),
        ),
      ),
    );
  }
  const body = make('div', { class: 'card-body' });
  const elements =
    content.schema === '2.0' ? content.body?.elements : (content.elements ?? content.i18n_elements?.zh_cn);
  body.append(...(elements ?? []).map((element) => drawn(element, { nameOf, act })));
  root.append(body);
  return root;
}

function words(text, nameOf) {
  if (text === undefined || text === null) return '';
  return text.tag === 'lark_md' || text.tag === 'markdown'
    ? markdown(text.content, nameOf)
    : make('span', {}, text.content ?? '');
}

function drawn(element, tools) {
  const { nameOf } = tools;
  const inner = (list) => (list ?? []).map((each) => drawn(each, tools));
  switch (element.tag) {
    case 'markdown':
      return markdown(element.content, nameOf);
    case 'div':
      return make(
        'div',
        { class: 'block' },
        words(element.text, nameOf),
        ...(element.fields ?? []).map(({ is_short: short, text }) =>
          make('div', { class: short ? 'half' : 'full' }, words(text, nameOf)),
        ),
      );
    case 'hr':
      return make('hr');
    case 'note':
      return make('div', { class: 'note' }, ...inner(element.elements));
    case 'plain_text':
    case 'lark_md':
      return words(element, nameOf);
    case 'action':
      return make('div', { class: 'actions' }, ...inner(element.actions));
    case 'column_set':
      return make('div', { class: `columns flex-${element.flex_mode ?? 'none'}` }, ...inner(element.columns));
    case 'column':
      return make(
        'div',
        { class: 'column', style: element.width === 'weighted' ? `flex:${element.weight ?? 1}` : '' },
        ...inner(element.elements),
      );
    case 'form':
      return form(element, tools);
    case 'collapsible_panel':
    case 'interactive_container':
      return make('div', { class: 'panel' }, ...inner(element.elements));
    case 'button':
      return button(element, tools);
    case 'select_static':
    case 'select_person':
      return choice(element, tools);
    case 'input':
      return make('input', { name: element.name, placeholder: element.placeholder?.content, class: 'field' });
    default:
      return make('div', { class: 'note' }, element.tag ?? '');
  }
}

function button(element, { nameOf, act }) {
  const behaviors = element.behaviors ?? [];
  const callback = behaviors.find(({ type }) => type === 'callback');
  const open = behaviors.find(({ type }) => type === 'open_url');
  const address = open?.default_url ?? element.url ?? element.multi_url?.url;
  const kind = `button ${element.type ?? 'default'}`;
  if (address !== undefined && callback === undefined) {
    return SAFE.test(address)
      ? make('a', { class: kind, href: address, target: '_blank', rel: 'noreferrer' }, words(element.text, nameOf))
      : make('span', { class: kind }, words(element.text, nameOf));
  }
  const value = callback?.value ?? element.value ?? {};
  return make(
    'button',
    {
      class: kind,
      type: 'button',
      disabled: element.disabled === true ? '' : null,
      onclick: (event) => {
        const confirm = element.confirm;
        if (confirm !== undefined && !window.confirm(`${confirm.title?.content ?? ''}\n${confirm.text?.content ?? ''}`))
          return;
        const box = event.currentTarget.closest('form');
        const fields =
          box === null || element.form_action_type === undefined
            ? {}
            : { form_value: Object.fromEntries(new FormData(box)) };
        act(
          value,
          { tag: 'button', ...(element.name === undefined ? {} : { name: element.name }), ...fields },
          event.currentTarget,
        );
      },
    },
    words(element.text, nameOf),
  );
}

function choice(element, { act }) {
  const callback = (element.behaviors ?? []).find(({ type }) => type === 'callback');
  const box = make(
    'select',
    {
      class: 'field',
      name: element.name,
      disabled: element.disabled === true ? '' : null,
      onchange: (event) => {
        const inForm = event.currentTarget.closest('form') !== null;
        if (event.currentTarget.value === '' || (inForm && callback === undefined)) return;
        const name = element.name === undefined ? {} : { name: element.name };
        act(
          callback?.value ?? element.value ?? {},
          { tag: element.tag, option: event.currentTarget.value, ...name },
          event.currentTarget,
        );
      },
    },
    make('option', { value: '' }, element.placeholder?.content ?? say('choose')),
    ...(element.options ?? []).map(({ text, value }) => make('option', { value }, text?.content ?? value)),
  );
  if (element.initial_option !== undefined) box.value = element.initial_option;
  return box;
}

function form(element, tools) {
  const box = make('form', { class: 'form' }, ...(element.elements ?? []).map((each) => drawn(each, tools)));
  box.addEventListener('submit', (event) => event.preventDefault());
  return box;
}

/** A rich post: a title and paragraphs of pieces. */
export function post(content, nameOf) {
  const { title, content: lines } = content.post?.zh_cn ?? content.zh_cn ?? content;
  const root = make('div', { class: 'bubble' });
  if (title) root.append(make('b', {}, title));
  for (const line of lines ?? []) {
    const row = make('div', { class: 'line' });
    for (const piece of line) {
      if (piece.tag === 'a') row.append(link(piece.text, piece.href));
      else if (piece.tag === 'at') row.append(make('span', { class: 'at' }, `@${nameOf(piece.user_id)}`));
      else row.append(piece.text ?? '');
    }
    root.append(row);
  }
  return root;
}
