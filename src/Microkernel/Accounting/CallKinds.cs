using Abi.Posix;

namespace Microkernel.Accounting;

/// <summary>Dense numbers for the calls, so that ledgers are arrays; the last one stands for no
/// call.</summary>
public static class CallKinds
{
    private static readonly PosixCall[] Calls = Enum.GetValues<PosixCall>();
    private static readonly int[] Dense = MakeDense();

    /// <summary>How many kinds there are, <see cref="Background"/> included.</summary>
    public static int Count => Calls.Length + 1;

    /// <summary>The kind of work that no call waits for.</summary>
    public static int Background => Calls.Length;

    /// <summary>The kind of a call.</summary>
    public static int Of(PosixCall call) => Dense[(int)call];

    /// <summary>The call of a kind other than <see cref="Background"/>.</summary>
    public static PosixCall Call(int kind) => Calls[kind];

    private static int[] MakeDense()
    {
        var dense = new int[(int)Calls[^1] + 1];
        for (var i = 0; i < Calls.Length; i++)
        {
            dense[(int)Calls[i]] = i;
        }

        return dense;
    }
}
