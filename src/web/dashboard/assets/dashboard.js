// What a page does in the browser: draws charts, sorts tables, and redraws itself when the service says that figures changed.
const FIGURES = '#figures';
const charts = new Map();
const orders = new Map();
document.documentElement.classList.add('js');

function draw(root) {
  const { echarts } = window;
  if (echarts === undefined) return;
  for (const place of root.querySelectorAll('.chart')) {
    const isNarrow = place.clientWidth < 520;
    const rows = Number(place.dataset.rows);
    if (place.dataset.kind === 'bar') place.style.height = `${Math.max(180, 90 + rows * 30)}px`;
    if (place.dataset.kind === 'heat-map') place.style.height = `${Math.max(170, 110 + rows * 40)}px`;
    if (place.dataset.kind === 'scatter') place.style.height = isNarrow ? '340px' : '440px';
    const chart = echarts.init(place, null, {
      renderer: 'canvas',
      devicePixelRatio: Math.max(2, window.devicePixelRatio),
    });
    chart.setOption(JSON.parse(isNarrow ? place.dataset.narrow : place.dataset.option));
    const links = JSON.parse(place.dataset.links);
    if (links.some((link) => link !== null)) {
      place.classList.add('linked');
      const names = JSON.parse(place.dataset.names);
      chart.on('click', ({ name, value, seriesType }) => {
        const link = links[seriesType === 'heatmap' ? value[0] : names.indexOf(name)];
        if (link) window.location.href = link;
      });
    }
    charts.set(place, chart);
  }
}

function forget() {
  for (const chart of charts.values()) chart.dispose();
  charts.clear();
}

// Cells are ordered by the values beside their texts; blank ones stay below.
function sortTable(table, column, direction) {
  const body = table.tBodies[0];
  const isNumber = table.tHead.rows[0].cells[column].dataset.sort === 'number';
  const keyOf = (row) => {
    const { dataset, textContent } = row.cells[column];
    if (dataset.value !== undefined) return Number(dataset.value);
    return isNumber ? null : textContent.trim();
  };
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row) }));
  rows.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null ? 1 : 0) - (b.key === null ? 1 : 0);
    const order =
      typeof a.key === 'number' && typeof b.key === 'number'
        ? a.key - b.key
        : String(a.key).localeCompare(String(b.key), document.documentElement.lang);
    return direction === 'ascending' ? order : -order;
  });
  body.append(...rows.map(({ row }) => row));
  for (const [n, cell] of [...table.tHead.rows[0].cells].entries())
    cell.setAttribute('aria-sort', n === column ? direction : 'none');
}

function makeSortable(root) {
  for (const table of root.querySelectorAll('table[data-table]')) {
    for (const [column, cell] of [...table.tHead.rows[0].cells].entries()) {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...cell.childNodes);
      cell.append(button);
      cell.setAttribute('aria-sort', 'none');
      button.addEventListener('click', () => {
        const isFirstNumber = cell.getAttribute('aria-sort') === 'none' && cell.dataset.sort === 'number';
        const direction = isFirstNumber || cell.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
        orders.set(table.dataset.table, { column, direction });
        sortTable(table, column, direction);
      });
    }
    const order = orders.get(table.dataset.table);
    if (order !== undefined && order.column < table.tHead.rows[0].cells.length)
      sortTable(table, order.column, order.direction);
  }
}

const FOCUSABLE = 'a, button, summary, .scroll';

// Puts the newest figures in place of the old; what a person has opened, sorted or stands on stays.
async function redraw() {
  const answer = await fetch(window.location.href, { headers: { accept: 'text/html' }, cache: 'no-store' });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector(FIGURES);
  const old = document.querySelector(FIGURES);
  if (fresh === null || old === null) return;
  const opened = new Set([...old.querySelectorAll('details[open][data-keep]')].map(({ dataset }) => dataset.keep));
  const focusables = [...old.querySelectorAll(FOCUSABLE)];
  const at = focusables.indexOf(document.activeElement);
  const scroll = [window.scrollX, window.scrollY];
  const heights = [...old.querySelectorAll('.chart')].map(({ style }) => style.height);
  forget();
  const next = document.importNode(fresh, true);
  for (const [n, place] of [...next.querySelectorAll('.chart')].entries())
    if (heights[n]) place.style.height = heights[n];
  for (const details of next.querySelectorAll('details[data-keep]')) details.open = opened.has(details.dataset.keep);
  old.replaceWith(next);
  next.classList.add('fresh');
  makeSortable(next);
  draw(next);
  if (at >= 0) [...next.querySelectorAll(FOCUSABLE)][at]?.focus({ preventScroll: true });
  window.scrollTo(...scroll);
  next.dataset.redrawn = String(Number(old.dataset.redrawn ?? 0) + 1);
}

function listen(address) {
  const events = new EventSource(address);
  let isDrawing = false;
  let isOwed = false;
  const mark = (isLost) => {
    const place = document.querySelector('#line');
    if (place === null) return;
    place.classList.toggle('lost', isLost);
    place.textContent = isLost ? document.querySelector(FIGURES).dataset.failed : '';
    document.body.dataset.line = isLost ? 'lost' : 'open';
  };
  const update = async () => {
    isOwed = true;
    if (isDrawing) return;
    isDrawing = true;
    try {
      while (isOwed) {
        isOwed = false;
        await redraw();
      }
      mark(false);
    } catch {
      mark(true);
    }
    isDrawing = false;
  };
  let wasLost = false;
  events.addEventListener('open', () => {
    mark(false);
    // What happened while the line was down was told to nobody.
    if (wasLost) update();
    wasLost = false;
  });
  events.addEventListener('error', () => {
    wasLost = true;
    mark(true);
  });
  events.addEventListener('figures', update);
  window.addEventListener('pagehide', () => events.close());
  window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload());
}

// A canvas has the size of the screen; on paper the panel has another.
window.addEventListener('beforeprint', () => {
  for (const chart of charts.values()) chart.resize();
});
window.addEventListener('afterprint', () => {
  for (const chart of charts.values()) chart.resize();
});
let resizing;
window.addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => {
    for (const chart of charts.values()) chart.resize();
  }, 150);
});

makeSortable(document);
draw(document);
const { events } = document.body.dataset;
if (events !== undefined) listen(events);
