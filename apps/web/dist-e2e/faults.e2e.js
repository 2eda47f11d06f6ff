import { Stack, until } from '@aether-v/tools/stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from "./browser.js";
const hangs = ['refuse', 'silent', 'stall-headers', 'stall-body', 'cut-body', 'receive-hangs'];
describe.skipIf(chromiumMissing)(`hosts in trouble${because}`, () => {
    let stack;
    let browser;
    /** Which host has which fault; the hosts that are left over have none. */
    let sick;
    beforeAll(async () => {
        stack = await Stack.start({
            simulator: { SIM_HOSTS: '9', SIM_VMS_PER_HOST: '2' },
            api: { CONNECT_TIMEOUT: '3', INVENTORY_REFRESH_INTERVAL: '5' },
        });
        await stack.settled();
        const ids = (await hosts()).map(({ id }) => id);
        sick = new Map([...hangs, 'agent-error'].map((kind, index) => [ids[index] ?? '', kind]));
        browser = await launchBrowser();
    });
    afterAll(async () => {
        await browser.close();
        await stack[Symbol.asyncDispose]();
    });
    const hosts = async () => (await stack.api('/hosts')).items;
    const away = async (ids) => (await hosts())
        .filter(({ address }) => ids.some((id) => address.includes(`/${id}/`)))
        .every(({ connection }) => connection.state === 'away');
    const expectPagesToSayWhy = async () => {
        const page = await browser.newPage();
        for (const host of await hosts()) {
            const kind = [...sick].find(([id]) => host.address.includes(`/${id}/`))?.[1];
            if (kind === undefined || host.connection.state !== 'away') {
                expect(host.connection.state, `${host.name} has no fault`).toBe('connected');
                continue;
            }
            const { message = '', remedy } = host.connection.error ?? {};
            expect(message, kind).not.toBe('');
            expect(remedy, kind).not.toBe('');
            await page.goto(`${stack.url}/hosts/${host.id}`);
            await page.getByRole('main').getByText(message).first().waitFor();
            console.log(`${kind}: ${message} ${remedy ?? ''}`);
        }
        await page.close();
    };
    test('faults strike while the hosts are watched: each page says what is wrong, the other hosts stay connected', async () => {
        for (const [id, kind] of sick) {
            if (kind !== 'agent-error')
                await stack.simulator('PUT', `/hosts/${id}/fault`, { kind });
        }
        const struck = [...sick].filter(([, kind]) => kind !== 'agent-error').map(([id]) => id);
        await until('all of them are away', () => away(struck), 150_000);
        await expectPagesToSayWhy();
    }, 240_000);
    test('the service starts over hosts in trouble: each page says what is wrong, the other hosts connect', async () => {
        for (const [id, kind] of sick)
            await stack.simulator('PUT', `/hosts/${id}/fault`, { kind });
        await stack.killApi();
        await stack.restartApi();
        await until('all of them are away', () => away([...sick.keys()]), 150_000);
        await until('the others are connected', async () => {
            const good = (await hosts()).filter(({ connection }) => connection.state === 'connected');
            return good.length === 9 - sick.size;
        });
        await expectPagesToSayWhy();
    }, 240_000);
    test('healed hosts come back by themselves', async () => {
        for (const id of sick.keys())
            await stack.simulator('DELETE', `/hosts/${id}/fault`);
        await until('every host is connected', async () => (await hosts()).every(({ connection }) => connection.state === 'connected'), 150_000);
    }, 240_000);
});
//# sourceMappingURL=faults.e2e.js.map