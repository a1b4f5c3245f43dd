using Abi;

namespace LibSys;

/// <summary>What a POSIX-like call returns: a value that is not negative, or an errno.</summary>
/// <param name="Raw">The value, or the errno negated.</param>
public readonly record struct SysResult(long Raw)
{
    /// <summary>Whether the call failed.</summary>
    public bool Failed => Raw < 0;

    /// <summary>Why it failed, or None.</summary>
    public Errno Error => Raw < 0 ? (Errno)(-Raw) : Errno.None;

    /// <summary>A failure.</summary>
    public static SysResult Fail(Errno error) => new(-(long)error);

    /// <summary>As strace prints it: "5", or "-1 ENOENT".</summary>
    public override string ToString() =>
        Failed ? "-1 " + Error : Raw.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
