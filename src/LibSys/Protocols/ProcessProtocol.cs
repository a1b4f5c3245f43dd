namespace LibSys.Protocols;

/// <summary>What the process manager understands.</summary>
public static class ProcessProtocol
{
    /// <summary>The server's name.</summary>
    public const string Name = "process-manager";

    /// <summary>The answer is the number of the client's process.</summary>
    public const int Getpid = 1;

    /// <summary>
    /// Data: a program's name. The answer is the number of the new process; ENOENT.
    /// </summary>
    public const int Spawn = 2;

    /// <summary>
    /// A: the number of a child, or -1 for any. The answer comes when it has ended: A its number, B
    /// its exit status, 0 to 255. ECHILD: the client has no such child.
    /// </summary>
    public const int Wait = 3;
}
