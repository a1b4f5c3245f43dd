using System.Globalization;
using Abi;
using Abi.Posix;
using LibSys;

namespace Programs.Interpreter;

/// <summary>What stands behind `=`.</summary>
internal abstract class ResultCheck
{
    /// <summary>Whether the result is as expected.</summary>
    public abstract bool Fits(Frame frame, SysResult result);

    /// <summary>As strace would print it.</summary>
    public abstract string Describe(Frame frame);

    internal sealed class Value(NumberNode expected) : ResultCheck
    {
        public override bool Fits(Frame frame, SysResult result) =>
            (result.Failed ? -1 : result.Raw) == expected.Evaluate(frame);

        public override string Describe(Frame frame) =>
            expected.Evaluate(frame).ToString(CultureInfo.InvariantCulture);
    }

    internal sealed class Failure(Errno error) : ResultCheck
    {
        public override bool Fits(Frame frame, SysResult result) => result.Error == error;

        public override string Describe(Frame frame) => "-1 " + error;
    }
}

/// <summary>What differs in that which a call filled in.</summary>
internal sealed record DeliveryDifference(string Expected, string Actual);

/// <summary>What happens with that which a call filled in.</summary>
internal abstract class Delivery
{
    /// <summary>Uses it; what differs from what the author expects, or null.</summary>
    public abstract DeliveryDifference? Take(Frame frame, SysResult result);

    /// <summary>The path of a descriptor that was opened, for its digest.</summary>
    internal sealed class Opened(TextNode path) : Delivery
    {
        public override DeliveryDifference? Take(Frame frame, SysResult result)
        {
            frame.Digests?.Opened(result.Raw, path.Evaluate(frame));
            return null;
        }
    }

    /// <summary>Bytes of read(), for the descriptor's digest.</summary>
    internal sealed class Digested(NumberNode descriptor) : Delivery
    {
        public override DeliveryDifference? Take(Frame frame, SysResult result)
        {
            if (result.Raw > 0)
            {
                var bytes = frame.Buffer(result.Raw).Span;
                frame.Digests?.Delivered(descriptor.Evaluate(frame), bytes);
            }

            return null;
        }
    }

    /// <summary>Bytes that should have come.</summary>
    internal sealed class Received(byte[] bytes, bool isBeginning) : Delivery
    {
        public override DeliveryDifference? Take(Frame frame, SysResult result)
        {
            if (result.Failed)
            {
                return new(Text(bytes), result.ToString());
            }

            var actual = frame.Buffer(result.Raw);
            var fits = isBeginning
                ? actual.Span.StartsWith(bytes)
                : actual.Span.SequenceEqual(bytes);
            return fits ? null : new(Text(bytes), Text(actual));
        }

        private string Text(ReadOnlyMemory<byte> what) =>
            StraceText.Quote(what.Span)
            + (isBeginning && what.Length <= StraceText.Limit ? "..." : "");
    }

    /// <summary>The status with which a child should have ended.</summary>
    internal sealed class Exited(NumberNode expected) : Delivery
    {
        public override DeliveryDifference? Take(Frame frame, SysResult result)
        {
            var wanted = expected.Evaluate(frame);
            return result.Failed || frame.Sys.ChildStatus == wanted
                ? null
                : new(Status(wanted), Status(frame.Sys.ChildStatus));
        }

        private static string Status(long status) =>
            string.Create(CultureInfo.InvariantCulture, $"exit status {status}");
    }

    /// <summary>A field of a file's status.</summary>
    internal sealed class StatusField(string name, NumberNode expected) : Delivery
    {
        public override DeliveryDifference? Take(Frame frame, SysResult result)
        {
            var wanted = expected.Evaluate(frame);
            var actual = Of(frame.Sys.FileStatus);
            return result.Failed || actual == wanted ? null : new(Text(wanted), Text(actual));
        }

        private long Of(FileStatus status) => name switch
        {
            "st_ino" => status.Inode,
            "st_mode" => status.Mode,
            "st_nlink" => status.Links,
            "st_size" => status.Size,
            "st_blocks" => status.Blocks,
            _ => throw new InvalidOperationException($"the checker lets '{name}' pass"),
        };

        private string Text(long value) => name == "st_mode"
            ? $"{{st_mode=0{Convert.ToString(value, 8)}}}"
            : string.Create(CultureInfo.InvariantCulture, $"{{{name}={value}}}");
    }
}
