export {};
//# sourceMappingURL=live.e2e.d.ts.map