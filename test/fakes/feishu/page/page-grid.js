/** The grid of the open tab: drawn as people see it, and edited by hand. */
import { make } from './card.js';
import { $, act, page } from './place.js';
import { say } from './words.js';

const grid = $('grid');
// It takes the keys.
grid.tabIndex = 0;

let at = { row: 0, column: 0 };
let editing = null;
/** Text by place as it was drawn last: what differs flashes. */
let seen = new Map();
let onDone = () => undefined;

/** `done` is called when an edit is over. */
export function whenEdited(done) {
  onDone = done;
}

/** Another tab is open. */
export function startOver() {
  at = { row: 0, column: 0 };
  editing = null;
  seen = new Map();
  grid.scrollTo(0, 0);
}

const letters = (column) =>
  (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));

const ROOM_BELOW = 12;
/** More rows than this are not drawn. */
const MOST_ROWS = 1000;
const widthOf = (column) => page.tab.widths[column] ?? page.tab.width;
const heightOf = (row) => page.tab.heights[row] ?? 30;

/** Draws the open tab; while somebody is typing, nothing. */
export function drawGrid() {
  if (editing !== null) return;
  if (page.tab === null) {
    grid.replaceChildren();
    return;
  }
  if (page.tab.embedded) {
    grid.replaceChildren(make('div', { class: 'empty' }, say('embedded')));
    return;
  }
  const cells = new Map(page.tab.cells.map((cell) => [`${cell.row},${cell.column}`, cell]));
  const used = page.tab.cells.reduce((most, { column }) => Math.max(most, column), 0);
  const columns = Math.min(page.tab.columns, Math.max(used + 4, 10));
  const rows = Math.min(page.tab.rows + ROOM_BELOW, MOST_ROWS);
  const covered = new Map();
  for (const merge of page.tab.merges) {
    for (let row = merge.top; row <= merge.bottom; row++) {
      for (let column = merge.left; column <= merge.right; column++) covered.set(`${row},${column}`, merge);
    }
  }
  const stickyTop = [];
  let top = 28;
  for (let row = 0; row < page.tab.frozenRows; row++) {
    stickyTop.push(top);
    top += heightOf(row);
  }
  const stickyLeft = [];
  let left = 46;
  for (let column = 0; column < page.tab.frozenColumns; column++) {
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
    const locked = page.tab.protections.find(
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
  if (page.tab.rows > MOST_ROWS) grid.append(make('div', { class: 'empty' }, say('more', { n: MOST_ROWS })));
  for (const image of page.tab.images) {
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
  const rule = page.tab.dropdowns.find(
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
  if (rule !== undefined) box.append(make('span', { class: 'caret', 'aria-hidden': 'true' }));
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
  const cell = page.tab?.cells.find((each) => each.row === row && each.column === column);
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
  const rule = page.tab.dropdowns.find(
    ({ range }) => at.row >= range.top && at.row <= range.bottom && at.column >= range.left && at.column <= range.right,
  );
  const place = { ...at };
  const field = make('input', { class: 'editor', value: first ?? contentAt(at) });
  const choose = (value) => {
    field.value = value;
    finish(true);
  };
  const menu = rule === undefined ? null : choices(box, rule, choose);
  const finish = async (keep) => {
    if (editing === null) return;
    editing = null;
    menu?.remove();
    const text = field.value;
    grid.focus();
    if (keep && text !== contentAt(place)) await write(place, text);
    onDone();
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
  box.replaceChildren(field);
  box.classList.add('edited');
  field.focus();
  if (first === undefined) field.select();
}

/** What a dropdown offers, below its cell. */
function choices(box, rule, choose) {
  const place = `left:${box.offsetLeft}px;top:${box.offsetTop + box.offsetHeight}px`;
  const menu = make('div', { class: 'menu', style: place });
  for (const [n, value] of rule.values.entries()) {
    const colour = rule.highlight ? rule.colors[n] : undefined;
    const chip = make('span', { class: 'chip', style: colour === undefined ? '' : `background:${colour}` }, value);
    // Before the field loses the focus.
    const press = (event) => {
      event.preventDefault();
      choose(value);
    };
    menu.append(make('button', { type: 'button', onmousedown: press }, chip));
  }
  grid.querySelector('.wrap').append(menu);
  return menu;
}

const write = (place, text) => act({ do: 'type', file: page.view.file, tab: page.view.tab, ...place, text });

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
  else if (event.key === 'Process') edit('');
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
  if (move === undefined || page.view.tab === null) return;
  const place = { file: page.view.file, tab: page.view.tab, row: at.row, column: at.column };
  if (move === 'insert' || move === 'delete') act({ do: move, ...place });
  else act({ do: 'sort', ...place, descending: move === 'descending' });
});
