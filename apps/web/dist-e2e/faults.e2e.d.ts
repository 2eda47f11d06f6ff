export {};
//# sourceMappingURL=faults.e2e.d.ts.map