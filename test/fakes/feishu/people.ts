/** People as the contact endpoints know them, the bot itself, and what the app may do. */
import { type Call, Plain, Refusal, type Route } from './call.ts';
import type { World } from './world.ts';

/** What an app of ours asks for, as the console lists it. */
export const SCOPES = [
  'sheets:spreadsheet',
  'sheets:spreadsheet:readonly',
  'drive:drive',
  'drive:drive:readonly',
  'bitable:app',
  'bitable:app:readonly',
  'docs:event:subscribe',
  'docs:event.document_edited:read',
  'docs:permission.member',
  'docs:permission.member:create',
  'wiki:wiki',
  'wiki:wiki:readonly',
  'im:message',
  'im:message:send_as_bot',
  'im:message:update',
  'im:chat',
  'im:chat:readonly',
  'contact:user.id:readonly',
  'contact:user.base:readonly',
  'contact:contact:readonly',
];

const MOST = 50;

export function peopleRoutes(world: World): Route[] {
  const key = (call: Call): 'openId' | 'unionId' | 'userId' => {
    const type = call.query.get('user_id_type') || 'open_id';
    if (type === 'open_id') return 'openId';
    if (type === 'union_id') return 'unionId';
    if (type === 'user_id') return 'userId';
    throw new Refusal(99992402, 'field validation failed', { status: 400 });
  };

  /** People nobody knows, or whom the app may not see, come back without an id: that is no error. */
  function batchGetId(call: Call) {
    const { emails = [], mobiles = [] } = call.body ?? {};
    if (!Array.isArray(emails) || !Array.isArray(mobiles) || emails.length > MOST || mobiles.length > MOST) {
      throw new Refusal(40001, 'param error', { status: 400 });
    }
    const id = key(call);
    const digits = (text: string): string => text.replace(/^\+86/, '');
    return {
      user_list: [
        ...emails.map((email: string) => {
          const person = world.people.find((each) => each.email?.toLowerCase() === email.toLowerCase());
          return { ...(person === undefined ? {} : { user_id: person[id] }), email };
        }),
        ...mobiles.map((mobile: string) => {
          const person = world.people.find(
            (each) => each.mobile !== undefined && digits(each.mobile) === digits(mobile),
          );
          return { ...(person === undefined ? {} : { user_id: person[id] }), mobile };
        }),
      ],
    };
  }

  function getUser(call: Call) {
    const id = key(call);
    const person = world.people.find((each) => each[id] === call.params.user);
    if (person === undefined) throw new Refusal(41050, 'no user authority error', { status: 403 });
    const { name, openId, unionId, userId, email = '', mobile = '' } = person;
    const status = { is_frozen: false, is_resigned: false, is_activated: true, is_exited: false, is_unjoin: false };
    return {
      user: { union_id: unionId, user_id: userId, open_id: openId, name, en_name: name, email, mobile, status },
    };
  }

  const botInfo = (): Plain =>
    new Plain({
      code: 0,
      msg: 'ok',
      bot: {
        activate_status: 2,
        app_name: world.bot.name,
        avatar_url: '',
        ip_white_list: [],
        open_id: world.bot.openId,
      },
    });

  const scopes = () => ({
    scopes: SCOPES.map((scope) => ({
      scope_name: scope,
      grant_status: world.switches.missingScopes.includes(scope) ? 2 : 1,
    })),
  });

  return [
    {
      method: 'POST',
      path: '/open-apis/contact/v3/users/batch_get_id',
      scopes: ['contact:user.id:readonly'],
      handle: batchGetId,
    },
    {
      method: 'GET',
      path: '/open-apis/contact/v3/users/:user',
      scopes: ['contact:user.base:readonly', 'contact:contact:readonly'],
      handle: getUser,
    },
    { method: 'GET', path: '/open-apis/bot/v3/info', handle: botInfo },
    { method: 'GET', path: '/open-apis/application/v6/scopes', handle: scopes },
  ];
}
