/** The local Graph as the official SDKs see it: signing in, sessions, what a call sees, refusals. */
import { describe, expect, test } from 'vitest';
import { deviceCredential, fetchTrusting, scopeOf, sdkClient, secretCredential } from '../fakes/msgraph-client.ts';
import { refusal, setting } from './msgraph-fake-setting.ts';

describe('signing in', () => {
  test('the application with its secret, a person with a code after some polls', async () => {
    const { graph, book } = await setting({ switches: { deviceCodeIntervalSeconds: 0 } });
    let [shown, polls] = ['', 0];
    const credential = deviceCredential(graph, ({ userCode, verificationUri }) => {
      shown = userCode;
      expect(verificationUri).toBe(`${graph.authority}/devicelogin`);
    });
    graph.before = ({ path }) => {
      if (path.endsWith('/oauth2/v2.0/token') && ++polls === 3) graph.approve(shown);
    };
    expect((await credential.getToken([scopeOf(graph)]))?.token).toBeTruthy();
    expect(polls).toBe(3);
    const sheets = await sdkClient(graph, credential)
      .api(`${book.replace(/^\/drives\/[^/]+/, '/me/drive')}/worksheets`)
      .get();
    expect(sheets.value).toHaveLength(1);
    expect((await fetchTrusting(graph.certificate)(`${graph.root}/v1.0${book}/worksheets`)).status).toBe(401);
    expect(graph.undocumented).toEqual([]);
  });

  test('what goes wrong is told with its AADSTS number', async () => {
    const { graph } = await setting();
    const scope = scopeOf(graph);
    await expect(secretCredential(graph, 'wrong').getToken(scope)).rejects.toThrow(/AADSTS7000215/);
    await expect(
      secretCredential(graph, undefined, '00000000-0000-0000-0000-000000000000').getToken(scope),
    ).rejects.toThrow(/AADSTS90002|endpoints_resolution_error/);
    await expect(secretCredential(graph).getToken('https://microsoftgraph.chinacloudapi.cn/.default')).rejects.toThrow(
      /AADSTS500011/,
    );
    graph.switches.hasConsent = false;
    await expect(secretCredential(graph).getToken(scope)).rejects.toThrow(/AADSTS7000229/);
    graph.switches.hasConsent = true;
    graph.switches.cloud = 'china';
    await expect(secretCredential(graph).getToken('https://graph.microsoft.com/.default')).rejects.toThrow(
      /AADSTS500011/,
    );
    const declined = deviceCredential(graph, ({ userCode }) => graph.decline(userCode));
    await expect(declined.getToken(scope)).rejects.toThrow(/authorization_declined/);
    graph.switches.isPublicClient = false;
    await expect(deviceCredential(graph, () => {}).getToken(scope)).rejects.toThrow(/invalid_client/);
  });

  test('people need consent, and get no more than was granted', async () => {
    const { graph, book } = await setting({ switches: { delegatedPermissions: ['User.Read'] } });
    const approving = () => deviceCredential(graph, ({ userCode }) => graph.approve(userCode));
    const sheets = sdkClient(graph, approving()).api(`${book}/worksheets`);
    expect(await refusal(sheets.get())).toMatchObject({ status: 403, codes: ['accessDenied'] });
    graph.switches.hasConsent = false;
    await expect(approving().getToken(scopeOf(graph))).rejects.toThrow();
    expect(graph.requests.at(-1)).toMatchObject({ status: 400 });
  });

  test('a refresh token goes on until it is revoked', async () => {
    const { graph, clock } = await setting();
    const send = fetchTrusting(graph.certificate);
    const at = `${graph.authority}/${graph.tenantId}/oauth2/v2.0`;
    const post = async (path: string, form: Record<string, string>) =>
      (await (
        await send(`${at}/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ client_id: graph.clientId, ...form }).toString(),
        })
      ).json()) as Record<string, string>;
    const scope = `${graph.root}/Files.ReadWrite.All offline_access`;
    const code = await post('devicecode', { scope });
    const poll = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code.device_code! };
    expect((await post('token', poll)).error).toBe('authorization_pending');
    graph.approve(code.user_code!);
    const first = await post('token', poll);
    expect(first).toMatchObject({ token_type: 'Bearer', scope: `${graph.root}/Files.ReadWrite.All` });
    expect((await post('token', poll)).error).toBe('bad_verification_code');
    const again = { grant_type: 'refresh_token', refresh_token: first.refresh_token!, scope };
    expect((await post('token', again)).access_token).toBeTruthy();
    graph.revokeRefreshTokens();
    expect(await post('token', again)).toMatchObject({ error: 'invalid_grant', error_codes: [700082] });
    const late = await post('devicecode', { scope });
    clock.move(900_000);
    expect((await post('token', { ...poll, device_code: late.device_code! })).error).toBe('expired_token');
  });

  test('a token ends, and permissions are asked for', async () => {
    const { graph, client, item, book, clock } = await setting({ switches: { tokenSeconds: 3600 } });
    await client.api(item).get();
    clock.move(3_600_000);
    expect(await refusal(client.api(item).get())).toMatchObject({ status: 401, codes: ['InvalidAuthenticationToken'] });
    const fresh = (): ReturnType<typeof sdkClient> => sdkClient(graph, secretCredential(graph));
    graph.switches.applicationMayUseWorkbooks = false;
    expect(await refusal(fresh().api(`${book}/worksheets`).get())).toMatchObject({
      status: 403,
      codes: ['AccessDenied', 'forbiddenUncategorized', 'EditModeAccessDenied'],
    });
    expect(await refusal(fresh().api('/me/drive/items/x').get())).toMatchObject({ status: 400, codes: ['BadRequest'] });
    graph.switches.applicationPermissions = ['Files.Read.All'];
    await fresh().api(item).get();
    expect(await refusal(fresh().api(`${item}/createUploadSession`).post({}))).toMatchObject({ status: 403 });
  });
});

describe('sessions', () => {
  test('live while used, end when idle, with their server, or when closed', async () => {
    const { client, book, clock, session, graph, file } = await setting();
    const first = await session();
    const sheets = (id: string) => client.api(`${book}/worksheets`).header('workbook-session-id', id).get();
    for (let call = 0; call < 3; call++) {
      clock.move(299_000);
      await sheets(first);
    }
    clock.move(299_000);
    await client.api(`${book}/refreshSession`).header('workbook-session-id', first).post({});
    clock.move(300_000);
    expect(await refusal(sheets(first))).toMatchObject({
      status: 404,
      codes: ['InvalidSession', 'invalidSessionReCreatable'],
    });
    const second = await session();
    graph.switches.lostServers = 1;
    expect(await refusal(sheets(second))).toMatchObject({ status: 503, codes: ['UnknownError'] });
    expect(await refusal(sheets(second))).toMatchObject({ status: 404 });
    const third = await session();
    await client.api(`${book}/closeSession`).header('workbook-session-id', third).post({});
    expect(await refusal(sheets(third))).toMatchObject({ status: 404 });
    expect(file.sessions).toBe(0);
  });

  test('a private session keeps its changes to itself and loses them', async () => {
    const { client, book, session, file, clock, graph } = await setting();
    const id = await session(false);
    const cell = `${book}/worksheets('工单')/range(address='B2')?$select=values`;
    await client
      .api(cell)
      .header('workbook-session-id', id)
      .patch({ values: [['只在这里']] });
    expect((await client.api(cell).header('workbook-session-id', id).get()).values).toEqual([['只在这里']]);
    expect(file.tab('工单').values()[1]![1]).toBe('打印机坏了');
    clock.move(graph.switches.privateSessionIdleMs - 1);
    const request = () => client.api(cell).header('workbook-session-id', id).get();
    expect((await request()).values).toEqual([['只在这里']]);
    clock.move(graph.switches.privateSessionIdleMs);
    expect(await refusal(request())).toMatchObject({ status: 404 });
  });

  test('others see an edit late, its own session at once', async () => {
    const { client, book, session, file, clock, graph } = await setting({ switches: { staleMs: 5000 } });
    const id = await session();
    const other = await session();
    const cell = `${book}/worksheets('工单')/range(address='B2')?$select=values`;
    const seen = async (by?: string) => {
      const request = client.api(cell);
      return (await (by === undefined ? request : request.header('workbook-session-id', by)).get()).values[0][0];
    };
    file.type('工单', { B2: '人改的' });
    expect([await seen(id), await seen()]).toEqual(['打印机坏了', '打印机坏了']);
    clock.move(5000);
    expect([await seen(id), await seen()]).toEqual(['人改的', '人改的']);
    await client
      .api(cell)
      .header('workbook-session-id', id)
      .patch({ values: [['程序改的']] });
    expect([await seen(id), await seen(other), await seen()]).toEqual(['程序改的', '人改的', '人改的']);
    clock.move(5000);
    expect([await seen(other), await seen()]).toEqual(['程序改的', '程序改的']);
    expect(graph.undocumented).toEqual([]);
  });

  test('a write without a session may be answered and dropped', async () => {
    const { client, book, file, graph } = await setting({ switches: { droppedWrites: 1 } });
    const cell = client.api(`${book}/worksheets('工单')/range(address='B2')`);
    expect((await cell.patch({ values: [['写了']] })).values).toEqual([['写了']]);
    expect(file.tab('工单').values()[1]![1]).toBe('打印机坏了');
    await client.api(`${book}/worksheets('工单')/range(address='B2')`).patch({ values: [['写了']] });
    expect(file.tab('工单').values()[1]![1]).toBe('写了');
    expect(graph.switches.droppedWrites).toBe(0);
  });

  test('slow calls are accepted, looked at until done, and may fail with 200', async () => {
    const { graph, client, book } = await setting({ switches: { asyncLooks: 3 } });
    const create = () =>
      client
        .api(`${book}/createSession`)
        .header('Prefer', 'respond-async')
        .responseType('raw' as never);
    const accepted = (await create().post({ persistChanges: true })) as Response;
    expect(accepted.status).toBe(202);
    const look = async (response: Response) => client.api(response.headers.get('location')!).get();
    const states = [await look(accepted), await look(accepted), await look(accepted)];
    expect(states.map(({ status }) => status)).toEqual(['notStarted', 'running', 'succeeded']);
    expect((await client.api(states[2].resourceLocation).get()).persistChanges).toBe(true);
    graph.switches.failingOperations = 1;
    const failing = (await create().post({ persistChanges: true })) as Response;
    await look(failing);
    await look(failing);
    expect(await look(failing)).toMatchObject({ status: 'failed', error: { code: 'generalException' } });
  });
});

describe('refusals', () => {
  test('what nobody documents is refused and noted', async () => {
    const { graph, client, book, item } = await setting();
    const sheet = `${book}/worksheets('工单')`;
    expect((await refusal(client.api(`${sheet}/freezePanes`).get())).status).toBe(400);
    expect((await refusal(client.api(`${sheet}/usedRange`).delete())).status).toBe(405);
    expect((await refusal(client.api(`${sheet}/usedRange?$select=valeus`).get())).status).toBe(400);
    expect((await refusal(client.api(`${sheet}/range(address='A1')`).patch({ value: [[1]] }))).status).toBe(400);
    expect((await refusal(client.api(`${sheet}/range(address='A1')`).patch({ values: null }))).status).toBe(400);
    expect((await refusal(client.api(`${item}/preview`).post({}))).status).toBe(400);
    expect(graph.undocumented).toHaveLength(6);
    expect(graph.undocumented[0]).toContain('freezePanes');
  });

  test('planned failures come before or after the work is done, with every kind of Retry-After', async () => {
    const { graph, client, book, file } = await setting();
    const cell = () => client.api(`${book}/worksheets('工单')/range(address='C2')`);
    graph.switches.failures = [
      { status: 429, retryAfter: '2.128' },
      { status: 503, code: 'UnknownError', retryAfter: 'Mon, 02 Mar 2026 01:00:09 GMT' },
      { status: 504, third: 'gatewayTimeoutUncategorized' },
      { status: 504, when: 'after', matches: ({ method }) => method === 'PATCH' },
    ];
    expect(await refusal(cell().patch({ values: [[1]] }))).toEqual({
      status: 429,
      codes: ['TooManyRequests', 'tooManyRequestsUncategorized'],
      retryAfter: '2.128',
    });
    expect(await refusal(cell().get())).toMatchObject({ status: 503, codes: ['UnknownError'] });
    expect(await refusal(cell().patch({ values: [[2]] }))).toMatchObject({
      status: 504,
      codes: ['MaxRequestDurationExceeded', 'gatewayTimeoutUncategorized', 'gatewayTimeoutUncategorized'],
    });
    expect(file.tab('工单').values()[1]![2]).toBe(30);
    expect((await refusal(cell().patch({ values: [[3]] }))).status).toBe(504);
    expect(file.tab('工单').values()[1]![2]).toBe(3);
    graph.switches.failures = [{ status: 0, hangUp: true }];
    await expect(cell().get()).rejects.toMatchObject({ statusCode: -1 });
    graph.switches.errorStyle = 'documented';
    expect(await refusal(client.api(`${book}/tables/nirgends`).get())).toMatchObject({
      codes: ['notFound', 'itemNotFound'],
    });
  });

  test('too many calls, too early calls, calls at the same time', async () => {
    const { graph, client, book, clock, item } = await setting({ switches: { throttle: { calls: 2, perMs: 10_000 } } });
    await client.api(item).get();
    await client.api(item).get();
    expect(await refusal(client.api(item).get())).toMatchObject({ status: 429, retryAfter: '10.000' });
    graph.switches.throttle = null;
    graph.switches.enforceRetryAfter = true;
    clock.move(9_999);
    expect(await refusal(client.api(item).get())).toMatchObject({ status: 429, retryAfter: '0.001' });
    clock.move(1);
    await client.api(item).get();

    graph.switches.enforceRetryAfter = false;
    graph.switches.parallelCalls = 1;
    const sheets = () => client.api(`${book}/worksheets`).get();
    let second: Promise<unknown> = Promise.resolve();
    graph.before = async () => {
      graph.before = null;
      second = refusal(sheets());
      expect(await second).toMatchObject({ status: 429, codes: ['TooManyRequests', 'tooManyRequestsUncategorized'] });
    };
    await sheets();
    graph.switches.parallelCalls = 0;
    expect(await refusal(sheets())).toMatchObject({ status: 409, codes: ['AccessConflict', 'accessConflict'] });
  });

  test('the cloud of 21Vianet has no workbook', async () => {
    const { graph, client, book, item, file } = await setting({ switches: { cloud: 'china' } });
    expect((await client.api(item).get()).webUrl).toContain('contoso.sharepoint.cn');
    expect(await refusal(client.api(`${book}/worksheets`).get())).toMatchObject({ status: 400, codes: ['BadRequest'] });
    expect(file.shareUrl).toContain('sharepoint.cn');
    expect(graph.undocumented).toEqual([]);
  });
});
