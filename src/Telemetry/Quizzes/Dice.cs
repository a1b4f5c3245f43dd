using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Quizzes;

/// <summary>Numbers that follow from a seed and a name, the same on every machine and in every
/// version: a SHA-256 each.</summary>
/// <param name="seed">The seed.</param>
/// <param name="name">What they are for, so that each purpose has numbers of its own.</param>
internal sealed class Dice(long seed, string name)
{
    private readonly byte[] input = [.. BitConverter.GetBytes(
        BitConverter.IsLittleEndian ? seed : BinaryPrimitives.ReverseEndianness(seed)),
        0, 0, 0, 0, .. Encoding.UTF8.GetBytes(name)];

    private uint thrown;

    /// <summary>A number below another.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>A number that orders things.</summary>
    public ulong Next()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(sizeof(long)), thrown++);
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(input));
    }
}
