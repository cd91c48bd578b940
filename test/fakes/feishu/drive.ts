/** Files as the drive and the wiki know them: where they are, who changed them last, pictures, subscriptions, collaborators. */
import type { Base } from './base.ts';
import { type Call, Plain, Refusal, type Route } from './call.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { World } from './world.ts';

const FILE = '/open-apis/drive/v1/files/:token';
const SUBSCRIBE = ['docs:event:subscribe', 'drive:drive', 'sheets:spreadsheet', 'docs:doc'];
const MOST_BYTES = 20_971_520;

type File = Spreadsheet | Base;

export function driveRoutes(world: World): Route[] {
  const fileOf = (token: string): File | undefined => world.spreadsheets.get(token) ?? world.bases.get(token);
  const typeOf = (file: File): 'sheet' | 'bitable' => (world.bases.has(file.token) ? 'bitable' : 'sheet');

  function manageable(call: Call): File {
    const type = call.query.get('file_type');
    if (type !== 'sheet' && type !== 'bitable') throw new Refusal(1069602, 'param error');
    const file = fileOf(call.params.token as string);
    if (file === undefined || file.isDeleted || typeOf(file) !== type) throw new Refusal(1069604, 'document not found');
    if (file.role !== 'manage') throw new Refusal(1069603, 'forbidden');
    return file;
  }

  function subscribe(call: Call) {
    world.subscribed.add(manageable(call).token);
    return {};
  }

  function unsubscribe(call: Call) {
    world.subscribed.delete(manageable(call).token);
    return {};
  }

  const getSubscribe = (call: Call) => ({ is_subscribe: world.subscribed.has(manageable(call).token) });

  function metas(call: Call) {
    const { request_docs: docs, with_url: withUrl } = call.body ?? {};
    if (!Array.isArray(docs) || docs.length === 0 || docs.length > 200) throw new Refusal(970001, 'param error');
    const found: unknown[] = [];
    const failed: { token: string; code: number }[] = [];
    for (const { doc_token: token, doc_type: type } of docs) {
      const file = fileOf(token);
      if (file === undefined || file.isDeleted || typeOf(file) !== type) failed.push({ token, code: 970005 });
      else if (file.role === 'none') failed.push({ token, code: 970003 });
      else {
        found.push({
          doc_token: token,
          doc_type: type,
          title: file.title,
          owner_id: file.ownerId,
          create_time: String(Math.floor(file.createdMs / 1000)),
          latest_modify_user: file.lastEditor,
          latest_modify_time: String(Math.floor(file.lastEditMs / 1000)),
          ...(withUrl === true ? { url: file.url } : {}),
          sec_label_name: '',
        });
      }
    }
    return { metas: found, ...(failed.length === 0 ? {} : { failed_list: failed }) };
  }

  /** Each upload of the same bytes makes another token, bound to the document it was uploaded for. */
  function upload(call: Call) {
    const { file_name: name, parent_type: type, parent_node: node, size, checksum } = call.body ?? {};
    const bytes = call.file;
    if (typeof name !== 'string' || name === '' || bytes === null) throw new Refusal(1061002, 'params error.');
    const parent = fileOf(node);
    const fits = type === 'bitable_image' || type === 'bitable_file' ? 'bitable' : 'sheet';
    if (!/^(sheet_image|sheet_file|bitable_image|bitable_file)$/.test(type ?? ''))
      throw new Refusal(1061002, 'params error.');
    if (parent === undefined || parent.isDeleted || typeOf(parent) !== fits)
      throw new Refusal(1061044, 'parent node not exist.');
    if (parent.role === 'none' || parent.role === 'read') throw new Refusal(1061004, 'forbidden.', { status: 403 });
    if (Number(size) !== bytes.length)
      throw new Refusal(1062009, 'actual size of the file is inconsistent with size in the parameter');
    if (bytes.length > MOST_BYTES) throw new Refusal(1061043, 'file size beyond limit.');
    if (checksum !== undefined && Number(checksum) !== adler32(bytes))
      throw new Refusal(1062008, 'checksum param Invalid.');
    const token = world.newId(27);
    world.media.set(token, { bytes: Buffer.from(bytes), name, node });
    return { file_token: token };
  }

  function download(call: Call) {
    const media = world.media.get(call.params.file as string);
    if (media === undefined) throw new Refusal(1061003, 'not found.', { status: 404 });
    return new Plain(media.bytes, { headers: { 'content-type': 'application/octet-stream' } });
  }

  /** Collaborators of a document: the app, once added, may edit or manage it. */
  function addMember(call: Call) {
    const file = fileOf(call.params.token as string);
    const { member_type: memberType, member_id: memberId, perm } = call.body ?? {};
    if (file === undefined || file.isDeleted || call.query.get('type') !== typeOf(file)) {
      throw new Refusal(1063005, 'Resource is deleted', { status: 404 });
    }
    if (file.role !== 'manage') throw new Refusal(1063002, 'Permission denied', { status: 403 });
    const keys: Readonly<Record<string, 'openId' | 'unionId' | 'userId' | 'email'>> = {
      openid: 'openId',
      unionid: 'unionId',
      userid: 'userId',
      email: 'email',
    };
    const key = keys[memberType];
    const person = key === undefined ? undefined : world.people.find((each) => each[key] === memberId);
    const group = memberType === 'openchat' ? world.chats.find(({ chatId }) => chatId === memberId) : undefined;
    if ((person ?? group) === undefined || !['view', 'edit', 'full_access'].includes(perm)) {
      throw new Refusal(1063001, 'Invalid parameter');
    }
    const role = perm === 'full_access' ? 'manage' : perm === 'edit' ? 'edit' : 'read';
    world.members.set(`${file.token} ${memberId}`, role);
    return { member: { member_type: memberType, member_id: memberId, perm } };
  }

  /** What the app itself may do with a document. */
  function mayDo(call: Call) {
    const file = fileOf(call.params.token as string);
    if (file === undefined || file.isDeleted || call.query.get('type') !== typeOf(file)) {
      throw new Refusal(1063005, 'Resource is deleted', { status: 404 });
    }
    const ranks: Readonly<Record<string, number>> = { none: 0, read: 1, edit: 2, manage: 3 };
    const needed = { view: 1, edit: 2, share: 3 }[call.query.get('action') ?? ''];
    if (needed === undefined) throw new Refusal(1063001, 'Invalid parameter');
    return { auth_result: ranks[file.role]! >= needed };
  }

  function getNode(call: Call) {
    const token = call.query.get('token') ?? '';
    const file = [...world.spreadsheets.values(), ...world.bases.values()].find(({ node }) => node === token);
    if (file === undefined || file.isDeleted) throw new Refusal(131005, 'not found', { status: 400 });
    if (file.role === 'none') throw new Refusal(131006, 'permission denied', { status: 400 });
    return {
      node: {
        space_id: '7000000000000000001',
        node_token: token,
        obj_token: file.token,
        obj_type: typeOf(file),
        parent_node_token: '',
        node_type: 'origin',
        has_child: false,
        title: file.title,
      },
    };
  }

  return [
    { method: 'POST', path: `${FILE}/subscribe`, scopes: SUBSCRIBE, handle: subscribe },
    { method: 'GET', path: `${FILE}/get_subscribe`, scopes: SUBSCRIBE, handle: getSubscribe },
    { method: 'DELETE', path: `${FILE}/delete_subscribe`, scopes: SUBSCRIBE, handle: unsubscribe },
    {
      method: 'POST',
      path: '/open-apis/drive/v1/metas/batch_query',
      scopes: ['drive:drive', 'drive:drive:readonly'],
      handle: metas,
    },
    {
      method: 'POST',
      path: '/open-apis/drive/v1/medias/upload_all',
      scopes: ['drive:drive', 'sheets:spreadsheet', 'bitable:app', 'docs:document.media:upload'],
      handle: upload,
    },
    {
      method: 'GET',
      path: '/open-apis/drive/v1/medias/:file/download',
      scopes: ['drive:drive', 'drive:drive:readonly'],
      handle: download,
    },
    {
      method: 'POST',
      path: '/open-apis/drive/v1/permissions/:token/members',
      scopes: ['docs:permission.member', 'docs:permission.member:create', 'drive:drive'],
      handle: addMember,
    },
    {
      method: 'GET',
      path: '/open-apis/drive/v1/permissions/:token/members/auth',
      scopes: ['docs:permission.member', 'docs:permission.member:auth', 'drive:drive', 'drive:drive:readonly'],
      handle: mayDo,
    },
    {
      method: 'GET',
      path: '/open-apis/wiki/v2/spaces/get_node',
      scopes: ['wiki:wiki', 'wiki:wiki:readonly'],
      handle: getNode,
    },
  ];
}

function adler32(bytes: Buffer): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
