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
// `npm run screenshots -w @aether-v/web [-- FOLDER]`: every page over the simulated fleet, light and dark, wide and narrow.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from '@aether-v/tools/stack';
import { launchBrowser } from "./browser.js";
const folder = process.argv[2] ?? 'test-results/screenshots';
mkdirSync(folder, { recursive: true });
async function shoot(page, name) {
    await page.getByRole('main').waitFor();
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(folder, `${name}.png`) });
}
var stack, vms, running, off, clusterId, job, pages, browser;
const env_1 = { stack: [], error: void 0, hasError: false };
try {
    stack = __addDisposableResource(env_1, await Stack.start({
        api: { ENVIRONMENT_NAME: 'Demo fleet (simulated)', CONNECT_TIMEOUT: '3' },
    }), true);
    await stack.settled();
    vms = await stack.vms();
    running = vms.find((vm) => vm.state === 'Running' && vm.checkpoints.length > 0);
    off = vms.find((vm) => vm.state === 'Off' && vm.clusterId !== null);
    clusterId = vms.find((vm) => vm.clusterId !== null)?.clusterId;
    if (!running || !off || !clusterId)
        throw new Error('the demo fleet lacks what the pages show');
    await stack.api(`/vms/${off.id}/start`, 'POST', {});
    await stack.simulator('PUT', '/hosts/hv-lab/fault', { kind: 'refuse' });
    [job] = await stack.jobs();
    pages = {
        overview: '/',
        vms: '/vms',
        'vms-search': '/vms?search=sql',
        'vms-nothing': '/vms?search=nothing-has-this-name',
        vm: `/vms/${running.id}`,
        host: `/hosts/${running.hostId}`,
        'host-away': '/hosts/hv-lab',
        cluster: `/clusters/${clusterId}`,
        jobs: '/jobs',
        job: `/jobs/${job?.id ?? ''}`,
        'not-found': '/no/such/page',
    };
    browser = __addDisposableResource(env_1, await launchBrowser(), true);
    for (const colorScheme of ['light', 'dark']) {
        for (const [size, viewport] of Object.entries({
            wide: { width: 1280, height: 800 },
            narrow: { width: 390, height: 844 },
        })) {
            const context = await browser.newContext({ colorScheme, viewport });
            const page = await context.newPage();
            page.on('pageerror', (error) => console.error(`${size} ${colorScheme}: ${error.message}`));
            page.on('console', (message) => {
                if (message.type() === 'error')
                    console.error(`${size} ${colorScheme}: ${message.text()}`);
            });
            for (const [name, path] of Object.entries(pages)) {
                await page.goto(`${stack.url}${path}`);
                await shoot(page, `${name}-${size}-${colorScheme}`);
            }
            await context.close();
        }
    }
    console.log(`Screenshots are in ${folder}.`);
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
//# sourceMappingURL=screenshots.js.map