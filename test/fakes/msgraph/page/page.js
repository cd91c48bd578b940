/** The grid: shows what stands in the live workbook and sends what a person does. Looks for changes every second. */
import { isEnglish, switchLanguage, word } from './words.js';

const byId = (id) => document.getElementById(id);
const sheet = byId('sheet');
const formula = byId('formula');
sheet.tabIndex = 0;
const people = [
  ['王芳', 'Wang Fang'],
  ['李雷', 'Li Lei'],
  ['韩梅梅', 'Han Meimei'],
];

let file = new URLSearchParams(location.search).get('file') ?? '';
let tab = '';
let state = null;
let place = { row: 0, column: 0 };
let editing = false;

const letters = (column) => {
  let text = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text;
};

function element(kind, className, text = '') {
  const made = document.createElement(kind);
  made.className = className;
  made.textContent = text;
  return made;
}

function toast(text) {
  const shown = byId('toast');
  shown.textContent = text;
  shown.classList.add('on');
  setTimeout(() => shown.classList.remove('on'), 3500);
}

async function post(path, body) {
  const reply = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return reply.ok ? null : (await reply.json()).code;
}

async function act(body) {
  const failed = await post('/page/act', { file, tab, editor: byId('editor').value, ...body });
  if (failed !== null) toast(word(failed));
  await look();
}

async function look() {
  const known = state?.mark ?? '';
  const reply = await fetch(`/page/state?${new URLSearchParams({ file, tab, known })}`).catch(() => null);
  if (reply === null || reply.status !== 200) return;
  state = await reply.json();
  file = state.file ?? '';
  tab = state.tab?.id ?? '';
  draw();
}

const cellAt = (row, column) => state?.tab?.cells.find((cell) => cell.row === row && cell.column === column);

function draw() {
  say();
  if (state === null || state.files.length === 0 || state.tab === null) return;
  if (!editing) formula.value = cellAt(place.row, place.column)?.typed ?? '';
  byId('place').textContent = `${letters(place.column)}${place.row + 1}`;
  const { widths, heights, cells, merges, tables, charts } = state.tab;
  const lefts = starts(widths, 46);
  const tops = starts(heights, 24);
  const board = element('div', 'board');
  board.style.width = `${lefts.at(-1)}px`;
  board.style.height = `${tops.at(-1)}px`;
  const put = (each, left, top, width, height) => {
    Object.assign(each.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    board.append(each);
  };
  for (const [column, width] of widths.entries())
    if (width > 0) {
      const isOn = column === place.column ? ' on' : '';
      put(element('div', `head${isOn}`, letters(column)), lefts[column], 0, width, 24);
    }
  for (const [row, height] of heights.entries())
    if (height > 0) {
      const isOn = row === place.row ? ' on' : '';
      put(element('div', `side${isOn}`, String(row + 1)), 0, tops[row], 46, height);
    }
  const [width, height] = [lefts.at(-1) - 46, tops.at(-1) - 24];
  for (const edge of lefts.slice(1)) put(element('div', 'edge'), edge - 1, 24, 1, height);
  for (const edge of tops.slice(1)) put(element('div', 'edge'), 46, edge - 1, width, 1);
  for (const { top, bottom, left, right } of tables)
    put(
      element('div', 'table'),
      lefts[left],
      tops[top],
      lefts[right + 1] - lefts[left],
      (tops[bottom + 1] ?? tops.at(-1)) - tops[top],
    );
  for (const cell of cells) {
    if (!(heights[cell.row] > 0) || !(widths[cell.column] > 0)) continue;
    const made = element('div', 'cell', cell.text);
    made.title = cell.text;
    const isHeader = tables.some(
      ({ top, left, right }) => top === cell.row && cell.column >= left && cell.column <= right,
    );
    if (isHeader) made.classList.add('header');
    Object.assign(made.style, { textAlign: cell.align, background: cell.fill ?? '', color: cell.color ?? '' });
    if (cell.bold) made.style.fontWeight = '600';
    const merge = merges.find(({ top, left }) => top === cell.row && left === cell.column);
    const end = merge ?? { right: cell.column, bottom: cell.row };
    put(
      made,
      lefts[cell.column],
      tops[cell.row],
      lefts[end.right + 1] - lefts[cell.column],
      tops[end.bottom + 1] - tops[cell.row],
    );
  }
  const chosen = element('div', 'chosen');
  put(chosen, lefts[place.column], tops[place.row], widths[place.column], heights[place.row]);
  for (const { left, top, width, height, picture } of charts) {
    const made = element('div', 'chart');
    made.innerHTML = picture;
    put(made, left + 46, top + 24, width, height);
  }
  board.onpointerdown = (event) => choose(event, board, lefts, tops);
  board.ondblclick = () => formula.focus();
  const [x, y] = [sheet.scrollLeft, sheet.scrollTop];
  sheet.replaceChildren(board);
  sheet.scrollTo(x, y);
}

const starts = (sizes, first) => {
  const found = [first];
  for (const size of sizes) found.push(found.at(-1) + size);
  return found;
};

function choose(event, board, lefts, tops) {
  const box = board.getBoundingClientRect();
  const find = (edges, at) =>
    Math.max(
      0,
      edges.findLastIndex((edge) => edge <= at),
    );
  const column = Math.min(find(lefts, event.clientX - box.left), lefts.length - 2);
  const row = Math.min(find(tops, event.clientY - box.top), tops.length - 2);
  place = { row, column };
  editing = false;
  draw();
  sheet.focus({ preventScroll: true });
  event.preventDefault();
}

function move(rows, columns) {
  const { widths, heights } = state.tab;
  const step = (at, by, sizes) => {
    let next = at + by;
    while (sizes[next] === 0) next += by;
    return next >= 0 && next < sizes.length ? next : at;
  };
  place = {
    row: rows === 0 ? place.row : step(place.row, rows, heights),
    column: columns === 0 ? place.column : step(place.column, columns, widths),
  };
  draw();
}

async function enter() {
  editing = false;
  const text = formula.value;
  const { row, column } = place;
  move(1, 0);
  sheet.focus({ preventScroll: true });
  if (text !== (cellAt(row, column)?.typed ?? '')) await act({ act: 'type', row, column, text });
}

/** The row below the last one in use, or below the table. */
function lastRow() {
  const { tables, cells } = state.tab;
  return tables[0] === undefined ? Math.max(-1, ...cells.map(({ row }) => row)) + 1 : tables[0].bottom + 1;
}

function say() {
  document.documentElement.lang = isEnglish() ? 'en' : 'zh-CN';
  document.title = word('brand');
  byId('language').textContent = isEnglish() ? '中文' : 'English';
  for (const each of document.querySelectorAll('[data-word]')) each.textContent = word(each.dataset.word);
  const editor = byId('editor');
  const chosen = editor.value;
  editor.replaceChildren(...people.map(([zh, en]) => new Option(isEnglish() ? en : zh, zh)));
  editor.value = chosen || people[0][0];
  if (state === null) return;
  byId('files').replaceChildren(...state.files.map(({ id, name }) => new Option(name, id, false, id === file)));
  byId('download').href = `/page/download?${new URLSearchParams({ file })}`;
  if (state.files.length === 0) {
    byId('note').textContent = word('none');
    return;
  }
  const at = new Date(state.savedAt).toLocaleTimeString(isEnglish() ? 'en' : 'zh-CN', { hour12: false });
  byId('saved').textContent = word('saved', { at, who: state.savedBy });
  byId('tabs').replaceChildren(
    ...state.tabs.map(({ id, name }) => {
      const made = element('button', id === tab ? 'tab on' : 'tab', name);
      made.type = 'button';
      made.onclick = () => {
        tab = id;
        place = { row: 0, column: 0 };
        look();
      };
      return made;
    }),
  );
  const notes = [];
  if (state.tab?.isProtected) notes.push(word('protected'));
  if (state.tab?.more > 0) notes.push(word('more', { count: state.tab.more }));
  byId('note').textContent = notes.join(' · ');
}

formula.onfocus = () => {
  editing = true;
};
formula.onkeydown = (event) => {
  if (event.key === 'Enter' && !event.isComposing) enter();
  if (event.key === 'Escape') {
    editing = false;
    draw();
    sheet.focus();
  }
};
sheet.onkeydown = (event) => {
  if (state?.tab == null || event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Tab: [0, 1] };
  const step = steps[event.key];
  if (step !== undefined) {
    event.preventDefault();
    move(...step);
  } else if (event.key === 'Delete') act({ act: 'type', ...place, text: '' });
  else if (event.key === 'Enter' || event.key === 'F2') formula.focus();
  else if (event.key.length === 1) {
    formula.value = '';
    formula.focus();
  }
};
for (const button of document.querySelectorAll('[data-act]'))
  button.onclick = () => {
    const name = button.dataset.act;
    if (name === 'add') {
      place = { row: lastRow(), column: state.tab.tables[0]?.left ?? 0 };
      draw();
      formula.focus();
    } else if (name === 'insert' || name === 'delete') act({ act: name, ...place });
    else act({ act: 'sort', ...place, order: name });
  };
byId('files').onchange = ({ target }) => {
  file = target.value;
  tab = '';
  look();
};
byId('language').onclick = () => {
  switchLanguage();
  draw();
};
for (const button of document.querySelectorAll('[data-answer]'))
  button.onclick = async () => {
    const agree = button.dataset.answer;
    const failed = await post('/page/device', { code: byId('code').value, agree });
    byId('said').textContent = word(failed !== null ? 'wrongCode' : agree === 'yes' ? 'agreed' : 'declined');
  };
if (location.pathname === '/devicelogin') byId('device').showModal();
await look();
say();
setInterval(look, 1000);
