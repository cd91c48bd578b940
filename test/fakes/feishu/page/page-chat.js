/** The chat: conversations with the bot, its messages, and what comes of a click. */
import { card, make, markdown, post } from './card.js';
import { $, act, nameOf, page, toast } from './place.js';
import { isEnglish, say } from './words.js';

const talk = $('talk');

function rooms() {
  const mine = page.state.messages.filter(({ to }) => to === page.view.person);
  const robots = [...new Set(page.state.messages.map(({ chatId }) => chatId))].filter(
    (id) =>
      !page.state.chats.some(({ chatId }) => chatId === id) &&
      !page.state.messages.some(({ chatId, to }) => chatId === id && to !== null),
  );
  return [
    { id: 'me', name: say('private'), messages: mine },
    ...page.state.chats.map(({ chatId, name }) => ({
      id: chatId,
      name,
      messages: page.state.messages.filter((each) => each.chatId === chatId),
    })),
    ...robots.map((id) => ({
      id,
      name: say('robot'),
      messages: page.state.messages.filter((each) => each.chatId === id),
    })),
  ];
}

/** Draws the conversations of the person who acts, and the open one. */
export function drawChat() {
  const all = rooms();
  const room = all.find(({ id }) => id === page.view.room) ?? all[0];
  $('rooms').replaceChildren(
    ...all.map(({ id, name, messages }) =>
      make(
        'button',
        {
          type: 'button',
          class: id === room.id ? 'open' : '',
          onclick: () => {
            page.view.room = id;
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
  else if (type === 'interactive') body = card(content, { nameOf, act: press });
  else if (type === 'post') body = post(content, nameOf);
  else body = make('div', { class: 'bubble' }, markdown(content.text ?? JSON.stringify(content), nameOf));
  return make(
    'article',
    { class: 'message' },
    make('div', { class: 'face' }, (page.state.bot ?? 'R').slice(0, 1)),
    make(
      'div',
      { class: 'said' },
      make(
        'div',
        { class: 'meta' },
        make('b', {}, page.state.bot ?? ''),
        make('span', {}, time),
        isChanged ? make('span', { class: 'pill' }, say('changed')) : null,
      ),
      body,
    ),
  );
}
