namespace LibSys.Protocols;

/// <summary>What the console understands.</summary>
public static class ConsoleProtocol
{
    /// <summary>The server's name.</summary>
    public const string Name = "console";

    /// <summary>Lease: bytes to print. The answer is their count.</summary>
    public const int Write = 1;

    /// <summary>Lease: memory to fill. The answer is the count; 0: the end of the input.</summary>
    public const int Read = 2;
}
