namespace Scenarios.Tests;

/// <summary>Scenario texts for tests.</summary>
internal static class Texts
{
    public const string Whole = """
        name: everything
        description: all keys once
        seed: 7
        machine:
          cores: 2
          profile: sel4-haswell
          kernelLock: per-object
          receiveOrder: notifications-first
          quantum: 10ms
        disk: { device: sata-ssd, size: 64MiB, cacheBlocks: 100 }
        network: { device: 1g }
        components:
          file-server: { concurrency: 4, priority: 200, core: 1 }
        placements:
          storage:
            domains:
              disk: [file-server, disk-driver]
              kernel: [timer]
            lock: big
          split:
            base: monolithic
            domains: { network: [net-stack, nic-driver] }
        processes:
          reader:
            count: 4
            start: 5us
            priority: 100
            core: 0
            program: |
              # a comment
              fd = open("/big", O_RDONLY)
              repeat 1000 { read(fd, 4096) }
              open("/nope", O_RDONLY) = -1 ENOENT
              pid = spawn("child")
          child:
            spawned: true
            program: exit(3)
        faults:
          - crash: file-server
            at: 5ms
          - { crash: disk-driver, at: { request: 500 } }
          - { crash: disk-driver, at: { step: device-programmed, nth: 3 } }
        recovery: { backoffUnit: 2ms, backoffCap: 8ms, maxRestarts: 3, bound: 1s }
        limits: { virtualTime: 10s, calls: 1000000 }
        expect:
          - every process exits 0
          - process child exits 3
          - microkernel.read.mean > 2 * monolithic.read.mean
          - storage.counters.ipc-fast-path >= 1
          - read.p99 < 5ms
          - losses == 0
          - results as expected
          - same files in every placement

        """;

    /// <summary>The least that is a scenario, with a program.</summary>
    public static string WithProgram(string program) =>
        "name: a\nprocesses:\n  p:\n    program: |\n"
        + string.Concat(
            program.Split('\n').Select(line => line.Length == 0 ? "\n" : $"      {line}\n"));

    /// <summary>The least that is a scenario, and some lines.</summary>
    public static string With(string lines) =>
        $"name: a\nprocesses: {{ p: {{ program: getpid() }} }}\n{lines}\n";
}
