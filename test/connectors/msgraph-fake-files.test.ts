/** Files of the local Graph: tags, uploads, locks, versions, delta and change notifications. */
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { fetchTrusting } from '../fakes/msgraph-client.ts';
import { type Answer, type Received, startReceiver } from '../fakes/receiver.ts';
import { refusal, type Setting, setting } from './msgraph-fake-setting.ts';

const PIECE = 327_680;

const token = (link: string): string => `u!${Buffer.from(link).toString('base64url')}`;

/** A workbook of at least `size` bytes with a word in A1. */
async function workbook(word: string, size = 0): Promise<Buffer> {
  const file = new ExcelJS.Workbook();
  file.addWorksheet('工单').getCell('A1').value = word;
  let state = 1;
  const noise = Uint8Array.from({ length: size }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 255;
  });
  if (size > 0) file.addImage({ buffer: noise.buffer as never, extension: 'png' });
  return Buffer.from(await file.xlsx.writeBuffer());
}

/** Sends bytes to a pre-authenticated address. */
async function put(set: Setting, address: string, bytes: Buffer, from: number, to: number, total = bytes.length) {
  const response = await fetchTrusting(set.graph.certificate)(address, {
    method: 'PUT',
    headers: { 'content-range': `bytes ${from}-${to - 1}/${total}` },
    body: bytes.subarray(from, to),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

async function upload(set: Setting, bytes: Buffer, match = set.file.eTag): Promise<Record<string, string>> {
  const { uploadUrl } = await set.client
    .api(`${set.item}/createUploadSession`)
    .header('If-Match', match)
    .post({
      item: { '@microsoft.graph.conflictBehavior': 'replace', name: '工单.xlsx' },
    });
  const reply = await put(set, uploadUrl, bytes, 0, bytes.length);
  if (reply.status >= 400)
    throw Object.assign(new Error('refused'), { statusCode: reply.status, body: JSON.stringify(reply.body.error) });
  return reply.body as unknown as Record<string, string>;
}

describe('finding and reading', () => {
  test('a sharing link and a browser address lead to the same item', async () => {
    const set = await setting();
    for (const link of [set.file.shareUrl, set.file.webUrl]) {
      const found = await set.client
        .api(`/shares/${token(link)}/driveItem`)
        .header('Prefer', 'redeemSharingLink')
        .get();
      expect([found.id, found.parentReference.driveId]).toEqual([set.file.itemId, set.file.driveId]);
    }
    expect(
      await refusal(
        set.client.api(`/shares/${token('https://contoso.sharepoint.com/:x:/s/Service/Enichts')}/driveItem`).get(),
      ),
    ).toMatchObject({ status: 404 });
    set.graph.switches.sharesNeedRedeeming = true;
    const plain = () => set.client.api(`/shares/${token(set.file.shareUrl)}/driveItem`);
    expect(await refusal(plain().get())).toMatchObject({ status: 403 });
    await plain().header('Prefer', 'redeemSharingLinkIfNecessary').get();
    expect(
      (await set.client.api(`/drives/${set.file.driveId}/root:/${encodeURIComponent('工单.xlsx')}`).get()).id,
    ).toBe(set.file.itemId);
    expect(set.graph.undocumented).toEqual([]);
    expect(
      await refusal(set.client.api(`/shares/${token(set.file.shareUrl)}/driveItem/workbook/worksheets`).get()),
    ).toMatchObject({ status: 400 });
    expect(set.graph.undocumented).toHaveLength(1);
  });

  test('an unchanged item is 304, a changed one is not, and content comes from another address', async () => {
    const set = await setting();
    const known = (): Promise<Response> =>
      set.client
        .api(set.item)
        .header('If-None-Match', eTag)
        .responseType('raw' as never)
        .get();
    const { eTag } = await set.client.api(set.item).get();
    expect((await known()).status).toBe(304);
    set.file.type('工单', { A4: 'T-3' }, '韩梅梅');
    expect((await known()).status).toBe(200);
    const item = await set.client.api(`${set.item}?$select=eTag,lastModifiedBy`).get();
    expect(item.lastModifiedBy.user.displayName).toBe('韩梅梅');
    const moved = (await set.client
      .api(`${set.item}/content`)
      .responseType('raw' as never)
      .get()) as Response;
    expect(moved.status).toBe(302);
    const read = fetchTrusting(set.graph.certificate);
    const bytes = Buffer.from(await (await read(moved.headers.get('location')!)).arrayBuffer());
    const file = new ExcelJS.Workbook();
    await file.xlsx.load(bytes as never);
    expect(file.getWorksheet('工单')!.getCell('A4').value).toBe('T-3');
    const part = await read(moved.headers.get('location')!, { headers: { range: 'bytes=10-19' } });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(10, 20)]);
    set.file.type('工单', { A4: 'T-4' });
    expect((await read(moved.headers.get('location')!)).status).toBe(404);
  });

  test('tags and downloads lag behind the workbook', async () => {
    const set = await setting({ switches: { saveLagMs: 20_000 } });
    const before = set.file.eTag;
    set.file.type('工单', { A4: 'T-3' });
    expect(set.file.tab('工单').values()[3]![0]).toBe('T-3');
    expect(set.file.eTag).toBe(before);
    set.clock.move(20_000);
    expect(set.file.eTag).not.toBe(before);
  });

  test('reading the workbook may save the file', async () => {
    const set = await setting({ switches: { readsSave: true } });
    const before = set.file.eTag;
    await set.client.api(`${set.book}/worksheets`).get();
    expect(set.file.eTag).not.toBe(before);
    expect((await set.client.api(`${set.item}/versions`).get()).value).toHaveLength(2);
  });
});

describe('uploading', () => {
  test('pieces come in order and in the right size', async () => {
    const set = await setting();
    const bytes = await workbook('新', 2 * PIECE);
    expect(bytes.length).toBeGreaterThan(2 * PIECE);
    const { uploadUrl, nextExpectedRanges } = await set.client
      .api(`${set.item}/createUploadSession`)
      .header('If-Match', set.file.eTag)
      .post({});
    expect(nextExpectedRanges).toEqual(['0-']);
    expect((await put(set, uploadUrl, bytes, 0, PIECE - 1)).status).toBe(400);
    expect(await put(set, uploadUrl, bytes, 0, PIECE)).toMatchObject({
      status: 202,
      body: { nextExpectedRanges: [`${PIECE}-`] },
    });
    expect((await put(set, uploadUrl, bytes, 0, PIECE)).status).toBe(416);
    const read = fetchTrusting(set.graph.certificate);
    expect((await read(uploadUrl, { headers: { authorization: 'Bearer x' } })).status).toBe(401);
    expect(await (await read(uploadUrl)).json()).toMatchObject({ nextExpectedRanges: [`${PIECE}-`] });
    const last = await put(set, uploadUrl, bytes, PIECE, bytes.length);
    expect(last).toMatchObject({ status: 200, body: { id: set.file.itemId, size: bytes.length } });
    expect(set.file.tab('工单').values()[0]![0]).toBe('新');
    expect((await put(set, uploadUrl, bytes, 0, PIECE)).status).toBe(404);
    const given = await set.client.api(`${set.item}/createUploadSession`).post({});
    expect((await read(given.uploadUrl, { method: 'DELETE' })).status).toBe(204);
    expect((await read(given.uploadUrl)).status).toBe(404);
  });

  test('SharePoint writes into what was uploaded: bytes, size and tag move once more', async () => {
    const set = await setting({ switches: { rewriteLagMs: 1000 } });
    const bytes = await workbook('新');
    const reply = await upload(set, bytes);
    expect(reply.eTag).toBe(set.file.eTag);
    expect(Buffer.from(await set.file.download())).toEqual(bytes);
    set.clock.move(1000);
    expect(set.file.eTag).not.toBe(reply.eTag);
    const rewritten = await set.file.download();
    expect(rewritten.length).not.toBe(bytes.length);
    const file = new ExcelJS.Workbook();
    await file.xlsx.load(rewritten as never);
    expect(file.worksheets[0]!.getCell('A1').value).toBe('新');
    const after = set.file.eTag;
    set.clock.move(60_000);
    expect(set.file.eTag).toBe(after);
  });

  test('a tag that moved is 412, at the start and before the last piece', async () => {
    const set = await setting({ switches: { rewritesUploads: false } });
    const old = set.file.eTag;
    const { uploadUrl } = await set.client.api(`${set.item}/createUploadSession`).header('If-Match', old).post({});
    set.file.type('工单', { A4: '人改的' });
    const bytes = await workbook('新');
    expect(await refusal(upload(set, bytes, old))).toMatchObject({ status: 412, codes: ['resourceModified'] });
    expect(await put(set, uploadUrl, bytes, 0, bytes.length)).toMatchObject({ status: 412 });
    expect(set.file.tab('工单').values()[3]![0]).toBe('人改的');
    set.graph.switches.lastPieceChecksMatch = false;
    const unchecked = await set.client
      .api(`${set.item}/createUploadSession`)
      .header('If-Match', set.file.eTag)
      .post({});
    set.file.type('工单', { A4: '没人看见' });
    expect(await put(set, unchecked.uploadUrl, bytes, 0, bytes.length)).toMatchObject({ status: 200 });
    expect(set.file.tab('工单').values()).toEqual([['新']]);
    set.graph.switches.preconditionBody = 'notAllowed';
    expect(await refusal(set.client.api(`${set.item}/content`).header('If-Match', old).put(bytes))).toMatchObject({
      status: 412,
      codes: ['notAllowed'],
    });
    set.graph.switches.wrongPreconditions = 2;
    expect((await refusal(upload(set, bytes))).status).toBe(409);
    expect((await refusal(upload(set, bytes))).status).toBe(412);
    await set.client.api(`${set.item}/content`).header('If-Match', set.file.cTag).put(bytes);
    expect(set.file.tab('工单').values()[0]![0]).toBe('新');
  });

  test('an open, a checked out and a just used file is locked', async () => {
    const set = await setting();
    const bytes = await workbook('新');
    const close = set.file.open('韩梅梅');
    expect(await refusal(upload(set, bytes))).toMatchObject({ status: 423, codes: ['resourceLocked'] });
    set.graph.switches.lockedBody = 'notAllowed';
    expect(await refusal(upload(set, bytes))).toMatchObject({ status: 423, codes: ['notAllowed', 'resourceLocked'] });
    set.graph.switches.lockedBody = 'accessDenied';
    expect(await refusal(set.client.api(`${set.item}/content`).put(bytes))).toMatchObject({
      status: 423,
      codes: ['accessDenied'],
    });
    await set.client.api(`${set.book}/worksheets`).get();
    close();
    const checkIn = set.file.checkOut('韩梅梅');
    expect((await refusal(upload(set, bytes))).status).toBe(423);
    expect(await refusal(set.session())).toMatchObject({ status: 409, codes: ['AccessConflict', 'accessConflict'] });
    checkIn();
    set.graph.switches.lockAfterWorkbookMs = 360_000;
    expect((await refusal(upload(set, bytes))).status).toBe(423);
    set.clock.move(360_000);
    const id = await set.session();
    set.clock.move(360_000);
    await upload(set, bytes);
    expect(
      await refusal(set.client.api(`${set.book}/worksheets`).header('workbook-session-id', id).get()),
    ).toMatchObject({ status: 404 });
  });

  test('a new file is made by its first content, in one piece or several', async () => {
    const set = await setting();
    const bytes = await workbook('新');
    const at = (name: string): string => `/drives/${set.file.driveId}/root:/${encodeURIComponent(name)}:`;
    const { uploadUrl } = await set.client.api(`${at('二.xlsx')}/createUploadSession`).post({});
    expect(await refusal(set.client.api(at('二.xlsx').slice(0, -1)).get())).toMatchObject({ status: 404 });
    expect(await put(set, uploadUrl, bytes, 0, bytes.length)).toMatchObject({ status: 201, body: { name: '二.xlsx' } });
    await set.client.api(`${at('三.xlsx')}/content`).put(bytes);
    const { id } = await set.client.api(at('三.xlsx').slice(0, -1)).get();
    expect(
      (await set.client.api(`/drives/${set.file.driveId}/items/${id}/workbook/worksheets`).get()).value,
    ).toHaveLength(1);
    expect(set.graph.files.map(({ name }) => name)).toEqual(['工单.xlsx', '二.xlsx', '三.xlsx']);
    expect(set.graph.undocumented).toEqual([]);
  });

  test('bytes that are no workbook are kept, and the workbook refused', async () => {
    const set = await setting();
    await set.client.api(`${set.item}/content`).put(Buffer.from('kein Zip'));
    expect(await refusal(set.client.api(`${set.book}/worksheets`).get())).toMatchObject({
      status: 403,
      codes: ['AccessDenied', 'unsupportedWorkbook'],
    });
    const versions = (await set.client.api(`${set.item}/versions`).get()).value;
    expect(versions.map(({ id }: { id: string }) => id)).toEqual(['2.0', '1.0']);
    await set.client.api(`${set.item}/versions/1.0/restoreVersion`).post({});
    expect((await set.client.api(`${set.book}/worksheets`).get()).value).toHaveLength(1);
  });
});

describe('changes', () => {
  test('delta tells what changed since a token, in pages, with repeats and deletions, until it ends', async () => {
    const set = await setting();
    const root = `/drives/${set.file.driveId}/root/delta`;
    const start = (await set.client.api(`${root}?token=latest`).get())['@odata.deltaLink'];
    expect((await set.client.api(start).get()).value).toEqual([]);
    set.file.type('工单', { A4: 'T-3' });
    const other = set.graph.addFile('另一个.xlsx', { tabs: [{ name: 'A', rows: [] }] });
    const next = await set.client.api(start).get();
    expect(next.value.slice(1).map(({ name }: { name: string }) => name)).toEqual(['工单.xlsx', '另一个.xlsx']);
    expect(next.value[1]).not.toHaveProperty('cTag');
    expect(next.value[1].parentReference).not.toHaveProperty('path');
    set.graph.switches.deltaPage = 1;
    set.graph.switches.deltaRepeats = true;
    const seen: string[] = [];
    let address = start;
    while (address !== undefined) {
      const page = await set.client.api(address).get();
      seen.push(...page.value.map(({ name }: { name: string }) => name));
      address = page['@odata.nextLink'];
    }
    expect(seen).toEqual(['root', '工单.xlsx', '工单.xlsx', '另一个.xlsx', '另一个.xlsx']);
    set.graph.switches.deltaPage = 200;
    set.graph.switches.deltaRepeats = false;
    other.remove();
    const gone = (await set.client.api(next['@odata.deltaLink']).get()).value[1];
    expect(gone).toMatchObject({ id: other.itemId, deleted: { state: 'deleted' } });
    set.graph.switches.expiredDeltas = 1;
    expect(await refusal(set.client.api(start).get())).toMatchObject({
      status: 410,
      codes: ['resyncRequired', 'resyncChangesApplyDifferences'],
    });
    expect(set.graph.undocumented).toEqual([]);
  });

  test('a file keeps its id when it is renamed and moved', async () => {
    const set = await setting();
    const before = set.file.eTag;
    set.file.rename('工单 2026.xlsx');
    set.file.move('归档');
    const item = await set.client.api(set.item).get();
    expect(item.name).toBe('工单 2026.xlsx');
    expect(item.parentReference.path).toMatch(/root:\/归档$/);
    expect(set.file.eTag).not.toBe(before);
    set.file.remove();
    expect(await refusal(set.client.api(set.item).get())).toMatchObject({ status: 404, codes: ['itemNotFound'] });
  });

  test('a subscription shakes hands, tells of changes, is renewed and ends', async () => {
    const set = await setting({ switches: { tokenSeconds: 2 * 86_400 } });
    let broken = false;
    const receiver = await startReceiver(({ query }: Received): Answer => {
      if (broken) return { status: 500 };
      const given = query.get('validationToken');
      return given === null ? { status: 202 } : { headers: { 'content-type': 'text/plain' }, body: given };
    });
    try {
      const at = (ms: number): string => new Date(set.clock.now().getTime() + ms).toISOString();
      const wanted = {
        changeType: 'updated',
        notificationUrl: `${receiver.url}/hook`,
        lifecycleNotificationUrl: `${receiver.url}/life`,
        resource: `/drives/${set.file.driveId}/root`,
        expirationDateTime: at(60_000),
        clientState: '秘密',
      };
      const subscriptions = () => set.client.api('/subscriptions');
      const made = await subscriptions().post(wanted);
      expect(made.expirationDateTime).toBe(at(45 * 60_000));
      expect(receiver.received.map(({ path, query }) => [path, query.get('validationToken') !== null])).toEqual([
        ['/hook', true],
        ['/life', true],
      ]);
      expect((await refusal(subscriptions().post({ ...wanted, resource: `${set.item}` }))).status).toBe(400);
      expect((await refusal(subscriptions().post({ ...wanted, changeType: 'created' }))).status).toBe(400);
      expect((await refusal(subscriptions().post({ ...wanted, expirationDateTime: at(42_301 * 60_000) }))).status).toBe(
        400,
      );
      set.graph.switches.takesPlainHttp = false;
      expect((await refusal(subscriptions().post(wanted))).status).toBe(400);
      set.graph.switches.takesPlainHttp = true;
      broken = true;
      expect(await refusal(subscriptions().post(wanted))).toMatchObject({ status: 400, codes: ['ValidationError'] });

      const told = async (): Promise<unknown[]> => {
        const before = receiver.received.length;
        await set.graph.deliver();
        return receiver.received.slice(before).map(({ path, body }) => [path, JSON.parse(body).value]);
      };
      expect(await told()).toEqual([]);
      set.file.type('工单', { A4: 'T-3' });
      set.file.type('工单', { A5: 'T-4' });
      const change = [
        '/hook',
        [expect.objectContaining({ subscriptionId: made.id, clientState: '秘密', changeType: 'updated' })],
      ];
      expect(await told()).toEqual([change]);
      broken = false;
      expect(await told()).toEqual([change]);
      expect(await told()).toEqual([]);
      set.graph.switches.repeatedNotifications = true;
      set.file.type('工单', { A6: 'T-5' });
      expect(await told()).toEqual([change, change]);
      set.graph.switches.lostNotifications = 1;
      set.file.type('工单', { A7: 'T-6' });
      expect(await told()).toEqual([]);

      set.graph.askForReauthorization();
      expect(await told()).toEqual([
        ['/life', [expect.objectContaining({ lifecycleEvent: 'reauthorizationRequired', clientState: '秘密' })]],
      ]);
      await set.client.api(`/subscriptions/${made.id}/reauthorize`).post({});
      const renewed = await set.client
        .api(`/subscriptions/${made.id}`)
        .patch({ expirationDateTime: at(24 * 3_600_000) });
      expect(renewed.expirationDateTime).toBe(at(24 * 3_600_000));
      set.clock.move(24 * 3_600_000);
      set.file.type('工单', { A8: 'T-7' });
      expect(await told()).toEqual([]);
      expect((await refusal(set.client.api(`/subscriptions/${made.id}`).get())).status).toBe(404);
    } finally {
      await receiver.close();
    }
  });
});
