using System.Globalization;
using System.Text;
using Programs.Language;

namespace Programs.Interpreter;

/// <summary>
/// A number that a program computes; arithmetic wraps at 64 bits as a processor's does.
/// </summary>
internal abstract class NumberNode
{
    /// <summary>Its value now.</summary>
    public abstract long Evaluate(Variables variables);

    internal sealed class Constant(long value) : NumberNode
    {
        public override long Evaluate(Variables variables) => value;
    }

    internal sealed class Variable(int slot) : NumberNode
    {
        public override long Evaluate(Variables variables) => variables.Numbers[slot];
    }

    internal sealed class Exponential(NumberNode mean) : NumberNode
    {
        public override long Evaluate(Variables variables) => variables.Random.Exponential(
            Math.Clamp(mean.Evaluate(variables), 0, ProgramChecker.MaxMean));
    }

    internal sealed class Choice(NumberNode[] values, long[] weights) : NumberNode
    {
        private readonly long total = weights.Sum();

        public override long Evaluate(Variables variables)
        {
            var left = variables.Random.Below(total);
            var chosen = 0;
            while (left >= weights[chosen])
            {
                left -= weights[chosen++];
            }

            return values[chosen].Evaluate(variables);
        }
    }

    internal sealed class Negate(NumberNode operand) : NumberNode
    {
        public override long Evaluate(Variables variables) =>
            unchecked(-operand.Evaluate(variables));
    }

    internal sealed class Binary(Operator @operator, NumberNode left, NumberNode right) : NumberNode
    {
        public override long Evaluate(Variables variables)
        {
            var a = left.Evaluate(variables);
            var b = right.Evaluate(variables);
            return unchecked(@operator switch
            {
                Operator.Or => a | b,
                Operator.Add => a + b,
                Operator.Subtract => a - b,
                Operator.Multiply => a * b,
            });
        }
    }
}

/// <summary>A text that a program computes.</summary>
internal abstract class TextNode
{
    /// <summary>Its value now.</summary>
    public abstract string Evaluate(Frame frame);

    internal sealed class Constant(string value) : TextNode
    {
        /// <summary>The text; needs no frame.</summary>
        public string Evaluated => value;

        public override string Evaluate(Frame frame) => value;
    }

    internal sealed class Variable(int slot) : TextNode
    {
        public override string Evaluate(Frame frame) => frame.Texts[slot];
    }

    internal sealed class Join(TextNode left, TextNode right) : TextNode
    {
        public override string Evaluate(Frame frame) =>
            left.Evaluate(frame) + right.Evaluate(frame);
    }

    internal sealed class Decimal(NumberNode number) : TextNode
    {
        public override string Evaluate(Frame frame) =>
            number.Evaluate(frame).ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>Bytes that a program hands to a call.</summary>
internal abstract class DataNode
{
    /// <summary>The bytes; valid until the next evaluation.</summary>
    public abstract ReadOnlyMemory<byte> Evaluate(Frame frame);

    internal sealed class Literal(byte[] bytes) : DataNode
    {
        public override ReadOnlyMemory<byte> Evaluate(Frame frame) => bytes;
    }

    internal sealed class OfText(TextNode text) : DataNode
    {
        public override ReadOnlyMemory<byte> Evaluate(Frame frame) =>
            Encoding.UTF8.GetBytes(text.Evaluate(frame));
    }

    internal sealed class Pattern(NumberNode count) : DataNode
    {
        public override ReadOnlyMemory<byte> Evaluate(Frame frame) =>
            frame.Pattern(count.Evaluate(frame));
    }

    /// <summary>
    /// The first bytes of other data; what strace did not print is filled with the pattern.
    /// </summary>
    internal sealed class Counted(DataNode data, NumberNode count) : DataNode
    {
        public override ReadOnlyMemory<byte> Evaluate(Frame frame)
        {
            var bytes = data.Evaluate(frame);
            var wanted = Frame.TransferOf(count.Evaluate(frame));
            if (wanted <= bytes.Length)
            {
                return bytes[..wanted];
            }

            var whole = frame.Pattern(wanted).ToArray();
            bytes.CopyTo(whole);
            return whole;
        }
    }
}
