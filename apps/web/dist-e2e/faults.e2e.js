import { Stack } from '@aether-v/tools/stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from "./browser.js";
const faults = [
    { kind: 'refuse' },
    { kind: 'silent' },
    { kind: 'stall-headers' },
    { kind: 'stall-body' },
    { kind: 'cut-body' },
    { kind: 'receive-hangs' },
    { kind: 'agent-error' },
];
describe.skipIf(chromiumMissing)(`a host in trouble${because}`, () => {
    let stack;
    let browser;
    beforeAll(async () => {
        stack = await Stack.start({ api: { CONNECT_TIMEOUT: '3', INVENTORY_REFRESH_INTERVAL: '5' } });
        await stack.settled();
        browser = await launchBrowser();
    });
    afterAll(async () => {
        await browser.close();
        await stack[Symbol.asyncDispose]();
    });
    test.each(faults)('$kind: its page says what is wrong, the others stay connected', async (fault) => {
        const hosts = (await stack.api('/hosts')).items;
        const bad = hosts[0];
        if (bad === undefined)
            throw new Error('no hosts');
        const page = await browser.newPage();
        await page.goto(`${stack.url}/hosts/${bad.id}`);
        await page.getByRole('heading', { name: bad.name }).waitFor();
        await stack.simulator('PUT', `/hosts/${bad.id}/fault`, fault);
        await expect
            .poll(async () => (await stack.api(`/hosts/${bad.id}`)).connection.state, { timeout: 90_000 })
            .not.toBe('connected');
        const { connection } = await stack.api(`/hosts/${bad.id}`);
        expect(connection.error?.message).toBeTruthy();
        await page
            .getByText(connection.error?.message ?? 'no message')
            .first()
            .waitFor();
        console.log(`${fault.kind}: "${connection.error?.message ?? ''}" ${connection.error?.remedy ?? ''}`);
        const others = (await stack.api('/hosts')).items.filter(({ id }) => id !== bad.id);
        expect(others.map(({ connection: { state } }) => state)).toEqual(others.map(() => 'connected'));
        await stack.simulator('DELETE', `/hosts/${bad.id}/fault`);
        await expect
            .poll(async () => (await stack.api(`/hosts/${bad.id}`)).connection.state, { timeout: 90_000 })
            .toBe('connected');
        await page.close();
    }, 240_000);
});
//# sourceMappingURL=faults.e2e.js.map