/** What the parts of the page share: what the server said last, what is open, how people act. */
import { say } from './words.js';

export const $ = (id) => document.getElementById(id);

export const page = {
  /** As the server told it. */
  state: { files: [], people: [], chats: [], messages: [] },
  /** What is open, and who acts. */
  view: { file: null, tab: null, room: null, person: localStorage.getItem('person') },
  /** The open tab as the server told it; null before it did. */
  tab: null,
};

export async function json(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** Acts as the person who was chosen; a refusal is shown and answered with nothing. */
export const act = (move) =>
  json('/page/act', { method: 'POST', body: JSON.stringify({ person: page.view.person, ...move }) }).catch((error) => {
    toast(error.message === 'protected' ? say('protected') : error.message, 'error');
    return {};
  });

export const nameOf = (openId) => page.state.people.find((person) => person.openId === openId)?.name ?? openId;

let toastTimer;
export function toast(text, kind = 'info') {
  const box = $('toast');
  box.textContent = text;
  box.className = `toast shown ${kind}`;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    box.className = 'toast';
  }, 3200);
}
