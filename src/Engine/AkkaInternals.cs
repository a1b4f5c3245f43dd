using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Dispatch;

namespace Engine;

/// <summary>
/// What the engine uses of Akka that has no public door, and the check that it is there. Akka's
/// version is pinned; whoever raises it runs the tests and changes <see cref="Version"/>.
/// </summary>
internal static class AkkaInternals
{
    /// <summary>The Akka.NET version that the engine was written for and tested with.</summary>
    public const string Version = "1.5.74";

    private const string StatusField = "_statusDotNotCallMeDirectly";

    /// <summary>
    /// Zero if the mailbox is open, not suspended and not scheduled to run: then a message may go
    /// to the actor directly, because nothing waits in the mailbox that should go before it.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = StatusField)]
    public static extern ref int Status(Mailbox mailbox);

    /// <exception cref="NotSupportedException">This is not the Akka we know.</exception>
    public static void Check()
    {
        const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;
        var field = typeof(Mailbox).GetField(StatusField, Private);
        if (field is null || field.FieldType != typeof(int))
        {
            throw new NotSupportedException(
                $"The engine needs Akka.NET {Version}: Mailbox.{StatusField} is not an int field "
                + $"in {typeof(Mailbox).Assembly.FullName}.");
        }
    }
}
