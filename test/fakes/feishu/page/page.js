/** The page: what is open, who acts, and staying up to date. Everything shown comes from the server. */
import { make } from './card.js';
import { drawChat } from './chat.js';
import { drawGrid, startOver, whenEdited } from './grid.js';
import { $, json, page } from './place.js';
import { isEnglish, say, switchLanguage } from './words.js';

function drawFrame() {
  for (const element of document.querySelectorAll('[data-word]')) element.textContent = say(element.dataset.word);
  document.documentElement.lang = isEnglish() ? 'en' : 'zh-CN';
  $('language').textContent = say('language');
  const people = page.state.people;
  if (!people.some(({ openId }) => openId === page.view.person))
    page.view.person = people[1]?.openId ?? people[0]?.openId ?? null;
  $('who').replaceChildren(...people.map(({ openId, name }) => make('option', { value: openId }, name)));
  $('who').value = page.view.person;
  $('files').replaceChildren(
    ...(page.state.files.length === 0 ? [make('span', { class: 'quiet' }, say('noFiles'))] : []),
    ...page.state.files.map((file) =>
      make(
        'button',
        {
          type: 'button',
          class: file.token === page.view.file ? 'file open' : 'file',
          onclick: () => openFile(file.token),
        },
        make('span', { class: `icon of-${file.kind}`, 'aria-hidden': 'true' }),
        file.title,
      ),
    ),
  );
  const file = openedFile();
  $('tabs').replaceChildren(
    ...(file?.tabs ?? []).map(({ id, title }) =>
      make(
        'button',
        { type: 'button', class: id === page.view.tab ? 'tab open' : 'tab', onclick: () => openTab(id) },
        title,
      ),
    ),
    make('span', { class: 'room' }),
    ...(file === undefined
      ? []
      : [
          make('span', {}, file.isTrashed ? say('trashed') : say('edited', { name: file.editor })),
          make('span', { class: 'badge', id: 'revision' }, say('revision', { n: page.tab?.revision ?? file.revision })),
        ]),
  );
  const { connections = 0, events = { delivered: 0, waiting: 0 } } = page.state;
  $('status').replaceChildren(
    make('span', { class: connections > 0 ? 'dot on' : 'dot' }),
    make('span', {}, connections > 0 ? say('connected') : say('notConnected')),
    make('span', { class: 'quiet' }, say('events', { n: events.delivered })),
    ...(events.waiting > 0 ? [make('span', { class: 'quiet' }, say('waiting', { n: events.waiting }))] : []),
  );
}

const openedFile = () => page.state.files.find(({ token }) => token === page.view.file);

function openFile(token, tabId) {
  const file = page.state.files.find((each) => each.token === token);
  if (file === undefined) return;
  page.view.file = token;
  openTab(tabId ?? file.tabs[0]?.id ?? null);
}

function openTab(id) {
  page.view.tab = id;
  startOver();
  page.tab = null;
  refresh();
}

/** Links to documents of this place open here. */
document.addEventListener('click', (event) => {
  const address = event.target.closest?.('a[href]')?.href ?? '';
  const found = /example\.feishu\.cn\/(?:sheets|base|wiki)\/(\w+)(?:\?(?:sheet|table)=(\w+))?/.exec(address);
  if (found === null || !page.state.files.some(({ token }) => token === found[1])) return;
  event.preventDefault();
  openFile(found[1], found[2]);
});

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
      page.state = await json('/page/state');
      if (openedFile() === undefined) page.view.file = page.state.files[0]?.token ?? null;
      const file = openedFile();
      if (!file?.tabs.some(({ id }) => id === page.view.tab)) page.view.tab = file?.tabs[0]?.id ?? null;
      if (page.view.tab !== null) page.tab = await json(`/page/tab?file=${page.view.file}&tab=${page.view.tab}`);
    } while (isStale);
    drawFrame();
    drawChat();
    drawGrid();
  } finally {
    isRefreshing = false;
  }
}

$('who').addEventListener('change', (event) => {
  page.view.person = event.target.value;
  localStorage.setItem('person', page.view.person);
  drawChat();
});
$('language').addEventListener('click', () => {
  switchLanguage();
  drawFrame();
  drawChat();
  drawGrid();
});

whenEdited(refresh);
new EventSource('/page/changes').addEventListener('message', () => refresh());
