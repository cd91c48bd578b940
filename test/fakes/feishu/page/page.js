/** The page: a grid to edit by hand, and the bot's messages beside it. Everything shown comes from the server. */
import { card, make, markdown, post } from './card.js';
import { isEnglish, say, switchLanguage } from './words.js';

const $ = (id) => document.getElementById(id);
const [grid, talk] = [$('grid'), $('talk')];

// The grid takes the keys.
grid.tabIndex = 0;

let state = { files: [], people: [], chats: [], messages: [] };
const view = { file: null, tab: null, room: null, person: localStorage.getItem('person') };
let tab = null;
let at = { row: 0, column: 0 };
let editing = null;
let seen = new Map();

const json = async (path, options) => {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
};
const act = (move) =>
  json('/page/act', { method: 'POST', body: JSON.stringify({ person: view.person, ...move }) }).catch((error) => {
    toast(error.message === 'protected' ? say('protected') : error.message, 'error');
    return {};
  });
const letters = (column) =>
  (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
const nameOf = (openId) => state.people.find((person) => person.openId === openId)?.name ?? openId;

let toastTimer;
function toast(text, kind = 'info') {
  const box = $('toast');
  box.textContent = text;
  box.className = `toast shown ${kind}`;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    box.className = 'toast';
  }, 3200);
}

/* What is on the page besides the grid. */

function drawFrame() {
  for (const element of document.querySelectorAll('[data-word]')) element.textContent = say(element.dataset.word);
  document.documentElement.lang = isEnglish() ? 'en' : 'zh-CN';
  $('language').textContent = say('language');
  const people = state.people;
  if (!people.some(({ openId }) => openId === view.person))
    view.person = people[1]?.openId ?? people[0]?.openId ?? null;
  $('who').replaceChildren(...people.map(({ openId, name }) => make('option', { value: openId }, name)));
  $('who').value = view.person;
  $('files').replaceChildren(
    ...(state.files.length === 0 ? [make('span', { class: 'quiet' }, say('noFiles'))] : []),
    ...state.files.map((file) =>
      make(
        'button',
        { type: 'button', class: file.token === view.file ? 'file open' : 'file', onclick: () => openFile(file.token) },
        make('span', { class: `icon ${file.kind}`, 'aria-hidden': 'true' }),
        file.title,
      ),
    ),
  );
  const file = openedFile();
  $('tabs').replaceChildren(
    ...(file?.tabs ?? []).map(({ id, title }) =>
      make(
        'button',
        { type: 'button', class: id === view.tab ? 'tab open' : 'tab', onclick: () => openTab(id) },
        title,
      ),
    ),
    make('span', { class: 'room' }),
    ...(file === undefined
      ? []
      : [
          make('span', {}, file.isTrashed ? say('trashed') : say('edited', { name: file.editor })),
          make('span', { class: 'badge', id: 'revision' }, say('revision', { n: file.revision })),
        ]),
  );
  const { connections = 0, events = { delivered: 0, waiting: 0 } } = state;
  $('status').replaceChildren(
    make('span', { class: connections > 0 ? 'dot on' : 'dot' }),
    make('span', {}, connections > 0 ? say('connected') : say('notConnected')),
    make('span', { class: 'quiet' }, say('events', { n: events.delivered })),
    events.waiting > 0 ? make('span', { class: 'quiet' }, say('waiting', { n: events.waiting })) : null,
  );
}

const openedFile = () => state.files.find(({ token }) => token === view.file);

function openFile(token, tabId) {
  const file = state.files.find((each) => each.token === token);
  if (file === undefined) return;
  view.file = token;
  openTab(tabId ?? file.tabs[0]?.id ?? null);
}

function openTab(id) {
  view.tab = id;
  at = { row: 0, column: 0 };
  editing = null;
  seen = new Map();
  tab = null;
  grid.scrollTo(0, 0);
  refresh();
}

/* The grid. */

const ROOM_BELOW = 12;
const widthOf = (column) => tab.widths[column] ?? 105;
const heightOf = (row) => tab.heights[row] ?? 30;

function drawGrid() {
  if (tab === null) {
    grid.replaceChildren();
    return;
  }
  if (tab.embedded) {
    grid.replaceChildren(make('div', { class: 'empty' }, say('embedded')));
    return;
  }
  const cells = new Map(tab.cells.map((cell) => [`${cell.row},${cell.column}`, cell]));
  const used = tab.cells.reduce((most, { column }) => Math.max(most, column), 0);
  const columns = Math.min(tab.columns, Math.max(used + 4, 10));
  const rows = tab.rows + ROOM_BELOW;
  const covered = new Map();
  for (const merge of tab.merges) {
    for (let row = merge.top; row <= merge.bottom; row++) {
      for (let column = merge.left; column <= merge.right; column++) covered.set(`${row},${column}`, merge);
    }
  }
  const stickyTop = [];
  let top = 28;
  for (let row = 0; row < tab.frozenRows; row++) {
    stickyTop.push(top);
    top += heightOf(row);
  }
  const stickyLeft = [];
  let left = 46;
  for (let column = 0; column < tab.frozenColumns; column++) {
    stickyLeft.push(left);
    left += widthOf(column);
  }
  const table = make('table', { class: 'cells' });
  table.append(
    make(
      'colgroup',
      {},
      make('col', { style: 'width:46px' }),
      ...span(columns).map((column) => make('col', { style: `width:${widthOf(column)}px` })),
    ),
  );
  table.style.width = `${46 + span(columns).reduce((sum, column) => sum + widthOf(column), 0)}px`;
  const head = make('tr', {}, make('th', { class: 'corner' }));
  for (const column of span(columns)) {
    const sticky = stickyLeft[column] === undefined ? '' : `left:${stickyLeft[column]}px;z-index:6`;
    const locked = tab.protections.find(
      ({ axis, first, last }) => axis === 'COLUMNS' && column >= first && column <= last,
    );
    head.append(
      make(
        'th',
        {
          style: sticky,
          title: locked === undefined ? null : say('protectedBy', { names: locked.editors.join('、') }),
        },
        letters(column),
        locked === undefined ? null : make('span', { class: 'lock' }),
      ),
    );
  }
  table.append(make('thead', {}, head));
  const body = make('tbody');
  const now = new Map();
  for (const row of span(rows)) {
    const line = make('tr', { style: `height:${heightOf(row)}px` });
    const stickyRow = stickyTop[row] === undefined ? '' : `top:${stickyTop[row]}px;`;
    const number = make(
      'th',
      { class: 'number', style: stickyRow === '' ? '' : `${stickyRow}z-index:5` },
      String(row + 1),
    );
    line.append(number);
    for (const column of span(columns)) {
      const key = `${row},${column}`;
      const merge = covered.get(key);
      if (merge !== undefined && (merge.top !== row || merge.left !== column)) continue;
      const cell = cells.get(key);
      now.set(key, cell?.text ?? '');
      line.append(drawCell(cell, { row, column, merge, stickyRow, stickyColumn: stickyLeft[column] }));
    }
    body.append(line);
  }
  table.append(body);
  const wrap = make('div', { class: 'wrap' }, table);
  grid.replaceChildren(wrap);
  for (const image of tab.images) {
    const place = body.querySelector(`[data-at="${image.row},${image.column}"]`);
    if (place === null) continue;
    const style = `left:${place.offsetLeft + image.offsetX}px;top:${place.offsetTop + image.offsetY}px;width:${image.width}px;height:${image.height}px`;
    wrap.append(make('img', { class: 'float', src: `/page/media/${image.token}`, style, alt: '' }));
  }
  seen = now;
  mark();
}

const span = (count) => Array.from({ length: count }, (_, n) => n);

function drawCell(cell, { row, column, merge, stickyRow, stickyColumn }) {
  const key = `${row},${column}`;
  const isFrozen = stickyRow !== '' || stickyColumn !== undefined;
  const depth = stickyRow !== '' && stickyColumn !== undefined ? 4 : 3;
  const fixed = isFrozen
    ? `${stickyRow}${stickyColumn === undefined ? '' : `left:${stickyColumn}px;`}z-index:${depth};`
    : '';
  const isNew = seen.size > 0 && (seen.get(key) ?? '') !== (cell?.text ?? '');
  const rule = tab.dropdowns.find(
    ({ range }) => row >= range.top && row <= range.bottom && column >= range.left && column <= range.right,
  );
  const classes = [
    cell?.rich ?? '',
    isFrozen ? 'frozen' : '',
    isNew ? 'fresh' : '',
    rule === undefined ? '' : 'choice',
  ].join(' ');
  const box = make('td', {
    class: classes,
    style: `${fixed}${cell?.style ?? ''}`,
    'data-at': key,
    rowspan: merge === undefined ? null : merge.bottom - merge.top + 1,
    colspan: merge === undefined ? null : merge.right - merge.left + 1,
    title: cell !== undefined && cell.text.length > 12 ? cell.text : null,
  });
  const text = cell?.text ?? '';
  if (rule !== undefined && text !== '') {
    for (const each of text.split(',')) {
      const colour = rule.highlight ? rule.colors[rule.values.indexOf(each)] : undefined;
      box.append(make('span', { class: 'chip', style: colour === undefined ? '' : `background:${colour}` }, each));
    }
  } else if (cell?.link !== undefined) {
    box.append(make('a', { href: cell.link, target: '_blank', rel: 'noreferrer' }, text));
  } else box.append(make('div', { class: 'text' }, text));
  return box;
}

const boxAt = ({ row, column }) => grid.querySelector(`[data-at="${row},${column}"]`);

function mark() {
  for (const old of grid.querySelectorAll('td.chosen')) old.classList.remove('chosen');
  boxAt(at)?.classList.add('chosen');
  $('place').textContent = `${letters(at.column)}${at.row + 1}`;
  if (document.activeElement !== $('formula')) $('formula').value = contentAt(at);
}

const contentAt = ({ row, column }) => {
  const cell = tab?.cells.find((each) => each.row === row && each.column === column);
  return cell?.edit ?? cell?.text ?? '';
};

function moveTo(row, column) {
  at = { row: Math.max(0, row), column: Math.max(0, column) };
  mark();
  boxAt(at)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function edit(first) {
  const box = boxAt(at);
  if (box === null || editing !== null) return;
  const rule = tab.dropdowns.find(
    ({ range }) => at.row >= range.top && at.row <= range.bottom && at.column >= range.left && at.column <= range.right,
  );
  const place = { ...at };
  const field = make('input', {
    class: 'editor',
    value: first ?? contentAt(at),
    list: rule === undefined ? null : 'choices',
  });
  const list =
    rule === undefined
      ? null
      : make('datalist', { id: 'choices' }, ...rule.values.map((value) => make('option', { value })));
  const finish = async (keep) => {
    if (editing === null) return;
    editing = null;
    const text = field.value;
    grid.focus();
    if (keep && text !== contentAt(place)) await write(place, text);
    refresh();
  };
  editing = place;
  field.addEventListener('blur', () => finish(true));
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault();
      finish(true);
      if (event.key === 'Enter') moveTo(place.row + 1, place.column);
      else moveTo(place.row, place.column + 1);
    }
    if (event.key === 'Escape') finish(false);
  });
  box.replaceChildren(...[field, list].filter((each) => each !== null));
  box.classList.add('edited');
  field.focus();
  if (first === undefined) field.select();
}

const write = (place, text) => act({ do: 'type', file: view.file, tab: view.tab, ...place, text });

grid.addEventListener('mousedown', (event) => {
  const box = event.target.closest('td[data-at]');
  if (box === null || event.target.closest('input') !== null) return;
  const [row, column] = box.dataset.at.split(',').map(Number);
  moveTo(row, column);
});
grid.addEventListener('dblclick', (event) => {
  if (event.target.closest('td[data-at]') !== null && event.target.closest('input') === null) edit();
});
grid.addEventListener('keydown', (event) => {
  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Tab: [0, 1] };
  const step = arrows[event.key];
  if (step !== undefined) {
    event.preventDefault();
    moveTo(at.row + step[0], at.column + step[1]);
  } else if (event.key === 'Enter' || event.key === 'F2') {
    event.preventDefault();
    edit();
  } else if (event.key === 'Delete' || event.key === 'Backspace') write(at, '');
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    edit(event.key);
  }
});
$('formula').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing) return;
  write(at, $('formula').value);
  grid.focus();
});
document.querySelector('.tools').addEventListener('click', (event) => {
  const move = event.target.dataset?.act;
  if (move === undefined || view.tab === null) return;
  const place = { file: view.file, tab: view.tab, row: at.row, column: at.column };
  if (move === 'insert' || move === 'delete') act({ do: move, ...place });
  else act({ do: 'sort', ...place, descending: move === 'descending' });
});

/* The chat. */

function rooms() {
  const mine = state.messages.filter(({ to }) => to === view.person);
  const robots = [...new Set(state.messages.map(({ chatId }) => chatId))].filter(
    (id) =>
      !state.chats.some(({ chatId }) => chatId === id) &&
      !state.messages.some(({ chatId, to }) => chatId === id && to !== null),
  );
  return [
    { id: 'me', name: say('private'), messages: mine },
    ...state.chats.map(({ chatId, name }) => ({
      id: chatId,
      name,
      messages: state.messages.filter((each) => each.chatId === chatId),
    })),
    ...robots.map((id) => ({ id, name: say('robot'), messages: state.messages.filter((each) => each.chatId === id) })),
  ];
}

function drawChat() {
  const all = rooms();
  const room = all.find(({ id }) => id === view.room) ?? all[0];
  $('rooms').replaceChildren(
    ...all.map(({ id, name, messages }) =>
      make(
        'button',
        {
          type: 'button',
          class: id === room.id ? 'open' : '',
          onclick: () => {
            view.room = id;
            drawChat();
          },
        },
        name,
        messages.length === 0 ? null : make('span', { class: 'count' }, String(messages.length)),
      ),
    ),
  );
  const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  talk.replaceChildren(
    ...(room.messages.length === 0 ? [make('div', { class: 'empty' }, say('noMessages'))] : []),
    ...room.messages.map(drawMessage),
  );
  if (atEnd) talk.scrollTop = talk.scrollHeight;
}

function drawMessage(message) {
  const { content, type, createdMs, isChanged, isRecalled } = message;
  const time = new Date(createdMs).toLocaleTimeString(isEnglish() ? 'en-GB' : 'zh-CN', {
    hour: '2-digit',
    minute: '2-digit',
  });
  const press = async (value, more, control) => {
    control.disabled = true;
    const answer = await act({ do: 'click', message: message.id, value, more });
    control.disabled = false;
    if (answer.error !== undefined) toast(say(`error${answer.error}`), 'error');
    else if (answer.toast !== undefined) toast(answer.toast.content, answer.toast.type);
  };
  let body;
  if (isRecalled) body = make('div', { class: 'bubble quiet' }, say('recalled'));
  else if (type === 'interactive') body = card(content, { nameOf, act: press, isDead: false });
  else if (type === 'post') body = post(content, nameOf);
  else body = make('div', { class: 'bubble' }, markdown(content.text ?? JSON.stringify(content), nameOf));
  return make(
    'article',
    { class: 'message' },
    make('div', { class: 'face' }, (state.bot ?? 'R').slice(0, 1)),
    make(
      'div',
      { class: 'said' },
      make(
        'div',
        { class: 'meta' },
        make('b', {}, state.bot ?? ''),
        make('span', {}, time),
        isChanged ? make('span', { class: 'pill' }, say('changed')) : null,
      ),
      body,
    ),
  );
}

/** Links to documents of this place open here. */
document.addEventListener('click', (event) => {
  const address = event.target.closest?.('a[href]')?.href ?? '';
  const found = /example\.feishu\.cn\/(?:sheets|base|wiki)\/(\w+)(?:\?(?:sheet|table)=(\w+))?/.exec(address);
  if (found === null || !state.files.some(({ token }) => token === found[1])) return;
  event.preventDefault();
  openFile(found[1], found[2]);
});

/* Staying up to date. */

let isRefreshing = false;
let isStale = false;
async function refresh() {
  if (isRefreshing) {
    isStale = true;
    return;
  }
  isRefreshing = true;
  try {
    do {
      isStale = false;
      state = await json('/page/state');
      if (openedFile() === undefined) view.file = state.files[0]?.token ?? null;
      const file = openedFile();
      if (!file?.tabs.some(({ id }) => id === view.tab)) view.tab = file?.tabs[0]?.id ?? null;
      if (view.tab !== null) tab = await json(`/page/tab?file=${view.file}&tab=${view.tab}`);
    } while (isStale);
    drawFrame();
    drawChat();
    if (editing === null) drawGrid();
  } finally {
    isRefreshing = false;
  }
}

$('who').addEventListener('change', (event) => {
  view.person = event.target.value;
  localStorage.setItem('person', view.person);
  drawChat();
});
$('language').addEventListener('click', () => {
  switchLanguage();
  drawFrame();
  drawChat();
  drawGrid();
});

new EventSource('/page/changes').addEventListener('message', () => refresh());
