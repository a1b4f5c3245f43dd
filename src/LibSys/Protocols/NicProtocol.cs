namespace LibSys.Protocols;

/// <summary>What a driver of a network interface understands. The net stack calls it, never the
/// reverse.</summary>
public static class NicProtocol
{
    /// <summary>The server's name.</summary>
    public const string Name = "nic-driver";

    /// <summary>
    /// The longest frame, bytes: 14 of Ethernet header and 1500 of payload, without the check
    /// sequence
    /// that the device adds (IEEE 802.3).
    /// </summary>
    public const int LongestFrame = 1514;

    /// <summary>
    /// A frame is lent for reading. The answer, its length, comes when the driver has a copy; waits
    /// while
    /// the device's ring is full. EINVAL: no header, or too long.
    /// </summary>
    public const int Transmit = 1;

    /// <summary>
    /// <see cref="LongestFrame"/> bytes are lent for writing. The answer, a frame's length, comes
    /// with the
    /// next frame. There is one receiver: a later request replaces an earlier one.
    /// </summary>
    public const int Receive = 2;
}
