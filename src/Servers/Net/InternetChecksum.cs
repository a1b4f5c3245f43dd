using System.Buffers.Binary;

namespace Servers.Net;

/// <summary>The checksum of IPv4 and UDP: the one's complement of the one's complement sum (RFC
/// 1071).</summary>
public struct InternetChecksum
{
    private ulong sum;

    /// <summary>Adds bytes; all parts but the last must have an even length.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[2..];
        }

        if (bytes.Length == 1)
        {
            sum += (ulong)bytes[0] << 8;
        }
    }

    /// <summary>Adds a 16-bit word.</summary>
    public void Add(ushort word) => sum += word;

    /// <summary>Adds a 32-bit word as two of 16 bits.</summary>
    public void Add(uint word) => sum += (word >> 16) + (word & 0xFFFF);

    /// <summary>The checksum; 0 over data that contains its own correct checksum.</summary>
    public readonly ushort Value
    {
        get
        {
            var folded = sum;
            while (folded > 0xFFFF)
            {
                folded = (folded >> 16) + (folded & 0xFFFF);
            }

            return (ushort)(folded ^ 0xFFFF);
        }
    }
}
