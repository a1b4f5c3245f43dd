namespace Scenarios;

/// <summary>
/// The scenario that `micro new` writes: the smallest that shows everything a first one needs.
/// </summary>
public static class StarterScenario
{
    /// <summary>The starter's text.</summary>
    /// <param name="schema">Where editors find the schema, relative to the new file, or an
    /// address.</param>
    public static string Text(string schema) => $$"""
        # yaml-language-server: $schema={{schema}}
        # micro run FILE        one placement
        # micro compare FILE    microkernel and monolithic, side by side
        name: my first scenario
        description: What does a read cost, and why?

        machine:
          cores: 1
          profile: sel4-haswell          # micro list prints the profiles there are

        # disk:
        #   device: nvme                 # or sata-ssd, hard-disk
        #   from: ./some-directory       # a real directory becomes the root of the disk

        processes:
          reader:
            count: 2                     # two processes run the program
            program: |                   # calls as strace prints them
              fd = open("/file-" + index, O_RDWR|O_CREAT, 0644)
              write(fd, "hello, world\n") = 13       # the result that you expect
              repeat 1000 {
                  pread(fd, "hello"..., 4096, 0) = 13
                  compute 500ns
              }
              open("/nope", O_RDONLY) = -1 ENOENT
              close(fd)

        # placements:
        #   storage:                     # your own: a domain and the components in it
        #     domains: { disk: [file-server, disk-driver] }

        # faults:
        #   - crash: file-server
        #     at: { request: 500 }       # or a time (5ms), or {step: before-reply, nth: 3}

        expect:
          - every process exits 0
          - results as expected
          - microkernel.pread.mean > monolithic.pread.mean

        """;
}
