namespace LibSys.Protocols;

/// <summary>
/// What naming understands. Its endpoint is in slot <see cref="Abi.Kernel.CapSlot.Naming"/>.
/// </summary>
public static class NamingProtocol
{
    /// <summary>The server's name.</summary>
    public const string Name = "naming";

    /// <summary>
    /// Data: a name. The answer carries a capability for it. Waits, up to a bound, while the server
    /// is down (then EAGAIN) or while nobody bears the name (then ENOENT).
    /// </summary>
    public const int Lookup = 1;

    /// <summary>
    /// Data: the name of a component whose new incarnation is ready (reincarnation server only).
    /// </summary>
    public const int Rebound = 2;

    /// <summary>
    /// Data: a name, Capability: an endpoint of the caller's that others may look up. EEXIST: the
    /// name is a component's, or that of another living process. If both this request and the one
    /// that took the name have A = <see cref="Shared"/>, the answer carries a capability to receive
    /// from that endpoint instead.
    /// </summary>
    public const int Register = 3;

    /// <summary>In A of <see cref="Register"/>: others may serve the same endpoint.</summary>
    public const int Shared = 1;

    /// <summary>
    /// A: the number of a process that ended; its names are free again (process manager only).
    /// </summary>
    public const int ClientGone = 4;
}
