namespace LibSys.Protocols;

/// <summary>
/// What the net stack understands. Addresses are numbers in host byte order, 10.0.0.2 is
/// 0x0A000002; a socket belongs to the client that made it, and is EBADF to all others. ESTALE: it
/// was made in an earlier life of the net stack and is gone.
/// </summary>
public static class NetProtocol
{
    /// <summary>The server's name.</summary>
    public const string Name = "net-stack";

    /// <summary>
    /// A: family, B: type, C: protocol. The answer is the socket's number, positive. EAFNOSUPPORT,
    /// EPROTONOSUPPORT.
    /// </summary>
    public const int Socket = 1;

    /// <summary>
    /// A: socket, B: address, C: port or 0 for any. The answer: A 0, B the port. EADDRNOTAVAIL,
    /// EINVAL (already bound), EADDRINUSE.
    /// </summary>
    public const int Bind = 2;

    /// <summary>
    /// A: socket, B: address or <see cref="NoAddress"/>, C: port; the bytes are lent for reading.
    /// The answer: A their count, B the port of the socket, which is bound now. EMSGSIZE,
    /// EDESTADDRREQ, EINVAL, EACCES (broadcast), ENETUNREACH.
    /// </summary>
    public const int SendTo = 3;

    /// <summary>
    /// A: socket; memory for the bytes is lent for writing. The answer comes with a datagram: A the
    /// count copied, the rest of the datagram is lost; B and C its sender's address and port.
    /// </summary>
    public const int ReceiveFrom = 4;

    /// <summary>A: socket.</summary>
    public const int Close = 5;

    /// <summary>
    /// A: the number of a process that ended; its sockets are closed (process manager only).
    /// </summary>
    public const int ClientGone = 6;

    /// <summary>In place of an address: the caller gave none.</summary>
    public const long NoAddress = -1;
}
