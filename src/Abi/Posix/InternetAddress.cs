using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Abi.Posix;

/// <summary>An IPv4 address, in host byte order: 10.0.0.2 is 0x0A000002.</summary>
public readonly record struct InternetAddress(uint Value)
{
    /// <summary>INADDR_ANY, 0.0.0.0: every address of this machine.</summary>
    public static InternetAddress Any => default;

    /// <summary>INADDR_LOOPBACK, 127.0.0.1.</summary>
    public static InternetAddress Loopback => new(0x7F000001);

    /// <summary>Whether the address is one of 127.0.0.0/8 (RFC 1122, 3.2.1.3).</summary>
    public bool IsLoopback => Value >> 24 == 127;

    /// <summary>Reads four decimal numbers with dots between them, as inet_pton does.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out InternetAddress address)
    {
        address = default;
        var parts = text?.Split('.');
        if (parts?.Length != 4)
        {
            return false;
        }

        uint value = 0;
        foreach (var part in parts)
        {
            var isCanonical = part.Length == 1 || (part.Length > 1 && part[0] != '0');
            var culture = CultureInfo.InvariantCulture;
            if (!isCanonical || !byte.TryParse(part, NumberStyles.None, culture, out var octet))
            {
                return false;
            }

            value = value << 8 | octet;
        }

        address = new InternetAddress(value);
        return true;
    }

    /// <summary>The address in dotted decimal.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static InternetAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException($"expected an address such as 10.0.0.2, got \"{text}\"");

    /// <summary>Dotted decimal.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Value >> 24}.{Value >> 16 & 0xFF}.{Value >> 8 & 0xFF}.{Value & 0xFF}");
}

/// <summary>Where a datagram comes from or goes to.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The UDP port, 0 to 65535.</param>
public readonly record struct SocketAddress(InternetAddress Address, int Port)
{
    /// <summary>In one word: the address times 65536 plus the port.</summary>
    public long Packed => (long)Address.Value << 16 | (long)Port & 0xFFFF;

    /// <summary>As "10.0.0.2:7".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}

/// <summary>The constants of the socket calls, with the values that Linux uses.</summary>
public static class SocketConstants
{
    /// <summary>IPv4.</summary>
    public const int AF_INET = 2;

    /// <summary>A byte stream; TCP, which is not there yet.</summary>
    public const int SOCK_STREAM = 1;

    /// <summary>Datagrams; UDP.</summary>
    public const int SOCK_DGRAM = 2;

    /// <summary>The number of UDP.</summary>
    public const int IPPROTO_UDP = 17;
}
