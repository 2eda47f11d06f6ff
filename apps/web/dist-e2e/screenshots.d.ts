export {};
//# sourceMappingURL=screenshots.d.ts.map