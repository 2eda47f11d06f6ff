/** Milliseconds of processor time that this thread has used: on a busy machine a clock also counts what others use. */
export function cpuTimeMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
