export {};
//# sourceMappingURL=slice.e2e.d.ts.map