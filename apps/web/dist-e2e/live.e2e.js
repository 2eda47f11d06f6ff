var __addDisposableResource = (this && this.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (this && this.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});
import { Stack, until } from '@aether-v/tools/stack';
import { startTcpProxy } from '@aether-v/tools/tcp-proxy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from "./browser.js";
// Tall enough for every row: the table draws only what is in view.
const viewport = { width: 1280, height: 4000 };
describe.skipIf(chromiumMissing)(`a living fleet in the browser${because}`, () => {
    let stack;
    let browser;
    beforeAll(async () => {
        // Polling cannot help: whatever shows up within the tests came by itself.
        stack = await Stack.start({ api: { INVENTORY_REFRESH_INTERVAL: '300' } });
        await stack.settled();
        browser = await launchBrowser();
    });
    afterAll(async () => {
        await browser.close();
        await stack[Symbol.asyncDispose]();
    });
    const open = async (url = stack.url) => {
        const page = await browser.newPage({ viewport });
        await page.goto(`${url}/vms`);
        await page.getByRole('row').nth(10).waitFor();
        return page;
    };
    const rowOf = (page, name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
    const runningVm = async (skip = 0) => {
        const vm = (await stack.vms()).filter(({ state, stale }) => state === 'Running' && stale === null)[skip];
        if (vm === undefined)
            throw new Error('no running VM');
        return vm;
    };
    test('there are as many rows as the service counts', async () => {
        const page = await open();
        const { total } = await stack.api('/vms?limit=1');
        await expect.poll(() => page.getByRole('row').count()).toBe(total + 1);
        await page.close();
    });
    test('a change on a host is in the row, and the browser asked for nothing', async () => {
        const page = await open();
        const vm = await runningVm();
        await rowOf(page, vm.name).getByText('Running').waitFor();
        await page.getByText('Live', { exact: true }).waitFor();
        const asked = [];
        page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
        const began = Date.now();
        await stack.simulator('POST', `/hosts/${vm.hostId}/vms/${vm.vmId}/pause`);
        await rowOf(page, vm.name)
            .getByText(/Pausing|Paused/)
            .waitFor();
        console.log(`change on the host to the browser's row: ${Date.now() - began} ms`);
        await rowOf(page, vm.name).getByText('Paused').waitFor();
        expect(asked).toEqual([]);
        await page.close();
    });
    test('a killed service: the console says so meanwhile and recovers by itself', async () => {
        const page = await open();
        const rows = await page.getByRole('row').count();
        await stack.killApi();
        await page
            .getByText(/Reconnecting… since/)
            .first()
            .waitFor();
        expect(await page.getByRole('row').count()).toBe(rows);
        await stack.restartApi();
        await page
            .getByText(/Reconnecting… since/)
            .first()
            .waitFor({ state: 'hidden' });
        await stack.settled();
        const vm = await runningVm(1);
        await stack.simulator('POST', `/hosts/${vm.hostId}/vms/${vm.vmId}/pause`);
        await rowOf(page, vm.name).getByText('Paused').waitFor();
        await page.close();
    });
    test('a second client that lost the stream for a minute ends with the same rows', async () => {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const proxy = __addDisposableResource(env_1, await startTcpProxy(Number(new URL(stack.url).port)), true);
            const first = await open();
            // Another browser context: it shares neither the stream nor a leader with the first.
            const context = await browser.newContext({ viewport });
            const second = await context.newPage();
            await second.goto(`http://127.0.0.1:${proxy.port}/vms`);
            await second.getByRole('row').nth(10).waitFor();
            proxy.cut();
            const lostAt = Date.now();
            await second
                .getByText(/Reconnecting… since/)
                .first()
                .waitFor();
            const [paused, deleted, renamed] = [await runningVm(2), await runningVm(3), await runningVm(4)];
            await stack.simulator('POST', `/hosts/${paused.hostId}/vms/${paused.vmId}/pause`);
            await stack.simulator('POST', `/hosts/${renamed.hostId}/vms/${renamed.vmId}/rename`, {
                name: 'RENAMED-MEANWHILE',
            });
            await stack.simulator('POST', `/hosts/${deleted.hostId}/vms/${deleted.vmId}/stop?wait=true`);
            await stack.simulator('POST', `/hosts/${deleted.hostId}/vms/${deleted.vmId}/delete`);
            await rowOf(first, 'RENAMED-MEANWHILE').waitFor();
            await rowOf(first, deleted.name).waitFor({ state: 'detached' });
            await new Promise((resolve) => setTimeout(resolve, Math.max(0, 60_000 - (Date.now() - lostAt))));
            expect(await rowOf(second, deleted.name).count()).toBe(1);
            proxy.heal();
            await second
                .getByText(/Reconnecting… since/)
                .first()
                .waitFor({ state: 'hidden' });
            await until('both clients show the same rows', async () => {
                const [mine, theirs] = [await versionedCells(first), await versionedCells(second)];
                return mine.length > 10 && JSON.stringify(mine) === JSON.stringify(theirs);
            });
            await context.close();
            await first.close();
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = __disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }, 180_000);
});
/** What the rows say that is versioned: name, state, host and processors; usage and ages move on their own. */
async function versionedCells(page) {
    const rows = await page.getByRole('row').all();
    return Promise.all(rows.slice(1).map(async (row) => (await row.getByRole('gridcell').allInnerTexts()).slice(0, 4)));
}
//# sourceMappingURL=live.e2e.js.map